# shellcheck shell=bash
# Finds a JDK that is new enough, without starting it. To be sourced.

java_needed=25

# jdk_major HOME: the JDK's feature release as its own file says it; nothing if it is no JDK.
jdk_major() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

jdk_candidates() {
    [ -z "${JAVA_HOME:-}" ] || echo "$JAVA_HOME"
    local javac
    javac=$(command -v javac) && dirname "$(dirname "$(readlink -f "$javac")")"
    local home
    for home in /usr/lib/jvm/*; do
        [ -L "$home" ] || echo "$home"
    done
}

# The home of the first JDK that is new enough, or nothing.
find_jdk() {
    local home major
    while read -r home; do
        major=$(jdk_major "$home")
        [ "${major:-0}" -ge "$java_needed" ] || continue
        echo "$home"
        return
    done < <(jdk_candidates)
}
