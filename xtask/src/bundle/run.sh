#!/bin/sh
# Runs every test of this bundle, one executable after the other, and says how
# many passed and failed. Needs a POSIX shell, sed, grep, sort and wc, and
# nothing else.
#
#   sh run.sh            all of them
#   sh run.sh lifecycle  those whose name has this in it
#
# SHM_TEST_SECONDS is how long tests that repeat something go on; 5 if not set.

cd "$(dirname "$0")" || exit 1
: "${SHM_TEST_SECONDS:=5}"
export SHM_TEST_SECONDS
output="${TMPDIR:-/tmp}/shm-bundle-$$.txt"
trap 'rm -f "$output"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

passed=0
failed=0
skipped=0
# The numbers before a word on the lines that test executables end with.
count() {
    sum=0
    for number in $(grep '^test result: ' "$output" | sed -n "s/.* \([0-9][0-9]*\) $1;.*/\1/p"); do
        sum=$((sum + number))
    done
    echo "$sum"
}

for test in tests/*"${1:-}"*; do
    [ -f "$test" ] || continue
    "./$test" >"$output" 2>&1
    code=$?
    now_passed=$(count passed)
    now_failed=$(count failed)
    # One that dies before its last line has failed too.
    if [ "$code" -ne 0 ] && [ "$now_failed" -eq 0 ]; then
        now_failed=1
        echo "$test ended with code $code"
    fi
    # Executables count tests that were skipped as passed. What has no harness
    # does not count, and calls its only thread main.
    now_skipped=$(sed -n 's/^skipped: .* \[\(.*\)\]$/\1/p' "$output" | grep -v '^main$' | sort -u | wc -l)
    now_passed=$((now_passed - now_skipped))
    skipped=$((skipped + now_skipped))
    # A test without a harness says nothing but its code.
    if [ "$code" -eq 0 ] && [ "$now_passed" -eq 0 ] && ! grep -q '^test result: ' "$output"; then
        now_passed=1
    fi
    if [ "$now_failed" -ne 0 ]; then
        cat "$output"
    else
        grep -e '^skipped: ' -e '^partly: ' "$output" | sed "s|^|$test: |"
    fi
    echo "$test: $now_passed passed, $now_failed failed"
    passed=$((passed + now_passed))
    failed=$((failed + now_failed))
done

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
