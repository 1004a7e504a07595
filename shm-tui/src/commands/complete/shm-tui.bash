# Completions of shm-tui for bash: the program says what can be typed.
_shm_tui() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line == :files ]]; then
            compopt -o default 2>/dev/null
            return
        fi
        COMPREPLY+=("${line%%$'\t'*}")
    done < <("${COMP_WORDS[0]}" complete bash -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    # A field waits for its value, and a list for its next column.
    if [[ ${#COMPREPLY[@]} -gt 0 && ${COMPREPLY[0]} == *[=\>,] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -F _shm_tui shm-tui
