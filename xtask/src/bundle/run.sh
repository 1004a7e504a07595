#!/bin/sh
# Runs every test of this bundle, one executable after the other, and prints how
# many passed, failed and were skipped. Needs a POSIX shell and no other program.
#
#   sh run.sh            all of them
#   sh run.sh lifecycle  those whose name contains this
#
# SHM_TEST_SECONDS is the duration of tests that repeat something; 5 by default.
# Where the kernel has no System V shared memory, or a jail hides it, the tests
# that need it are skipped.

case $0 in
*/*) CDPATH= cd -- "${0%/*}" || exit 1 ;;
esac
: "${SHM_TEST_SECONDS:=5}"
export SHM_TEST_SECONDS
trap 'exit 130' INT
trap 'exit 143' TERM

# Split output at line ends, without any other program.
IFS='
'
set -f

# Not every shell has printf built in, and echo changes backslashes.
if command -v printf >/dev/null 2>&1; then
    say() { printf '%s\n' "$1"; }
else
    say() { echo "$1"; }
fi

# The text as a number; what is none counts nothing.
number=0
as_number() {
    case $1 in
    '' | *[!0-9]*) number=0 ;;
    *) number=$1 ;;
    esac
}

# Takes apart what an executable printed, which is in $output. Sets now_passed,
# now_failed and now_skipped; has_result if there was a last line of a harness.
# A test counts as skipped once, however often it says so.
take_apart() {
    now_passed=0 now_failed=0 now_skipped=0 has_result= said_by=' '
    for line in $output; do
        case $line in
        'test result: '*' passed; '*' failed; '*)
            has_result=yes
            rest=${line#test result: *. }
            as_number "${rest%% passed; *}"
            now_passed=$((now_passed + number))
            rest=${rest#* passed; }
            as_number "${rest%% failed; *}"
            now_failed=$((now_failed + number))
            ;;
        'skipped: '*' ['*']')
            name=${line##*\[}
            name=${name%\]}
            # What has no harness calls its only thread main, and counts none.
            case $said_by in
            *" $name "*) ;;
            *)
                said_by="$said_by$name "
                [ "$name" = main ] || now_skipped=$((now_skipped + 1))
                ;;
            esac
            ;;
        esac
    done
    # Executables count tests that were skipped as passed.
    now_passed=$((now_passed - now_skipped))
}

# Without System V shared memory what fails is skipped, and said to be; so is all
# of an executable that the kernel ended for calling it.
lacking='this kernel has no System V shared memory, or a jail hides it'
skip_what_failed() {
    if [ -n "$has_result" ]; then
        for line in $output; do
            case $line in
            'test '*' ... FAILED')
                name=${line#test }
                say "$test: skipped: $lacking [${name%% *}]"
                ;;
            esac
        done
        now_skipped=$((now_skipped + now_failed))
    else
        now_passed=0 now_skipped=0
        for line in $("./$test" --list 2>/dev/null); do
            case $line in
            *': test')
                say "$test: skipped: $lacking [${line%: test}]"
                now_skipped=$((now_skipped + 1))
                ;;
            esac
        done
    fi
    now_failed=0
}

supported=yes
for probe in tests/shm-supported; do
    [ -f "$probe" ] || continue
    case $("./$probe") in
    missing*) supported= ;;
    esac
done

passed=0 failed=0 skipped=0
set +f
set -- "${1:-}" tests/*
set -f
wanted=$1
shift
for test in "$@"; do
    case $test in
    *"$wanted"*) ;;
    *) continue ;;
    esac
    [ -f "$test" ] || continue
    output=$("./$test" 2>&1)
    code=$?
    take_apart
    if [ -z "$supported" ] && [ "$code" -ne 0 ]; then
        skip_what_failed
        code=0
        has_result=yes
    fi
    # One that dies before its last line has failed too.
    if [ "$code" -ne 0 ] && [ "$now_failed" -eq 0 ]; then
        now_failed=1
        say "$test ended with code $code"
    fi
    # A test without a harness says nothing but its code.
    if [ "$code" -eq 0 ] && [ "$now_passed" -eq 0 ] && [ -z "$has_result" ]; then
        now_passed=1
    fi
    for line in $output; do
        case $line in
        'skipped: '* | 'partly: '*) [ "$now_failed" -ne 0 ] || say "$test: $line" ;;
        esac
        [ "$now_failed" -eq 0 ] || say "$line"
    done
    say "$test: $now_passed passed, $now_failed failed"
    passed=$((passed + now_passed))
    failed=$((failed + now_failed))
    skipped=$((skipped + now_skipped))
done

say ''
say "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$((passed + skipped))" -gt 0 ]
