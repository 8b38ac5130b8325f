# shellcheck shell=bash
# What the scripts say, and how they give up. To be sourced.

program=bin/$(basename "$(readlink -f "$0")")

# Progress goes to standard error, so that a script's output stays its own.
say() { printf '%s\n' "$*" >&2; }

# One sentence: what is wrong, and what to do about it.
fail() {
    printf '%s: %s\n' "$program" "$*" >&2
    [ -s "${setup_log:-}" ] || rm -f "${setup_log:-}"
    exit 1
}

# The same, after the last lines of what a command of the set-up has said.
give_up() {
    tail -n 15 "$setup_log" >&2
    say "(all of it: $setup_log)"
    fail "$@"
}

on_terminal() { [ -t 0 ] && [ -t 2 ]; }

have() { command -v "$1" >/dev/null 2>&1; }
