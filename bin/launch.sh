# Sourced by the programs beside it:  launch MODULE MAIN_CLASS ARGUMENT...
#
# Runs a main class from the module's sources: builds them first when there is no build yet or when
# one of the sources is newer. The build goes to target/run and skips what only judges the code, so
# it is quick and disturbs no ./mvnw in the same checkout. All words go to stderr.
#
# Reads JAVA_HOME, JAVA_OPTS (the user's flags) and jvm_flags (the program's own).

launch() {
  module=$1 main=$2
  shift 2
  root=$(dirname -- "$bin")
  run=$root/$module/target/run
  java=${JAVA_HOME:+$JAVA_HOME/bin/}java
  need_java_17
  is_current || build
  set -f # JAVA_OPTS is split at blanks, but no file names
  # shellcheck disable=SC2086
  exec "$java" ${jvm_flags-} ${JAVA_OPTS-} -cp "$run/classes:$(cat "$run/classpath")" "$main" "$@"
}

need_java_17() {
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p')
  [ "${version:-0}" -ge 17 ] ||
    die "needs a JDK of version 17 or newer, but '$java' is ${version:-not there}. Set JAVA_HOME to one."
}

is_current() {
  [ -e "$run/built" ] && [ -z "$(cd "$root" && find . \
    \( -name target -o -name test -o -name '.?*' \) -prune -o \
    \( -name pom.xml -o -path '*/src/main/*' \) -newer "$run/built" -print)" ]
}

build() {
  command -v "${java}c" >/dev/null || die "must be built first, and that needs a JDK, but there is no '${java}c'."
  lock=$root/target/run.lock
  mkdir -p "$root/target" "$run"
  if ! mkdir "$lock" 2>/dev/null; then
    echo "${0##*/}: waiting for another build (if there is none, remove $lock)" >&2
    until mkdir "$lock" 2>/dev/null; do sleep 1; done
  fi
  trap 'rmdir "$lock"' EXIT
  trap 'exit 1' HUP INT TERM
  if ! is_current; then
    echo "${0##*/}: building $module" >&2
    : >"$run/building" # older than any source that changes from here on
    (
      cd "$root"
      export MAVEN_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${MAVEN_OPTS-}" # halves the time
      ./mvnw -B -ntp -q -Drun -pl "$module" -am test-compile
    ) >&2 || die "could not be built."
    mv "$run/building" "$run/built"
  fi
  rmdir "$lock"
  trap - EXIT HUP INT TERM
}

die() {
  echo "${0##*/}: $1" >&2
  exit 1
}
