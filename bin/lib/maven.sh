# shellcheck shell=bash
# Builds. To be sourced; setup has found the JDK.

# Maven on the JDK that was found. The options keep newer JDKs from warning about Maven's own libraries.
maven() {
    local java_options="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
    (cd "$root" && MAVEN_OPTS="$java_options ${MAVEN_OPTS:-}" mvn --batch-mode --no-transfer-progress "$@")
}

newest_archive() { find "$root/target" -maxdepth 1 -name 'muster-*.tar.gz' -printf '%T@ %p\n' 2>/dev/null | sort -rn | sed -n '1s/^[^ ]* //p'; }

built_distribution() { find "$root/target" -mindepth 1 -maxdepth 1 -type d -name 'muster-*'; }

archive_is_fresh() {
    local archive
    archive=$(newest_archive)
    [ -n "$archive" ] && [ -z "$(find "$root/pom.xml" "$root/src/main" -newer "$archive" -print -quit)" ]
}

# What the JVM keeps in the built distribution to start faster. It counts for the same jars wherever they stand.
kept_by_java() { echo "$(built_distribution)/lib/muster.aot"; }

is_built() { archive_is_fresh && [ -f "$(kept_by_java)" ]; }

# One build at a time in a clone.
build_distribution() {
    is_built && return 0
    say "-- mvn package"
    local log
    log=$(mktemp "${TMPDIR:-/tmp}/muster-build.XXXXXX")
    (
        flock 8
        archive_is_fresh || maven package -Dmaven.test.skip=true || exit
        is_built || "$(built_distribution)/bin/muster" warm
    ) 8<"$root/pom.xml" >"$log" 2>&1 || {
        grep -E '^(\[ERROR\]|muster:)' "$log" | head -n 15 >&2
        fail "the build failed: see the lines above, or all of it in $log."
    }
    rm -f "$log"
}

# unpack_distribution FOLDER: a copy of its own, so that the next build does not pull the jars from under what runs.
unpack_distribution() {
    build_distribution
    mkdir -p "$1"
    tar -C "$1" --extract --gzip --file "$(newest_archive)"
    local launcher
    launcher=$(find "$1" -maxdepth 3 -path '*/bin/muster')
    [ -x "$launcher" ] || fail "the build has no bin/muster in $(newest_archive): run 'mvn clean package' and see what it says."
    cp "$(kept_by_java)" "$(dirname "$launcher")/../lib/"
    muster=$launcher
}
