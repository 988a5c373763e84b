# Sourced by the programs beside it:  launch MODULE MAIN_CLASS ARGUMENT...
#
# Runs a main class: of an unpacked or installed package, where lib/ has the jars; of a checkout, from
# the module's sources. It builds them first when there is no build yet or when one of the sources is
# newer. The build goes to target/run and skips what only judges the code, so it is quick and disturbs
# no ./mvnw in the same checkout. All words go to stderr.
#
# Reads JAVA_HOME, JAVA_OPTS (the user's flags), jvm_flags (the program's own) and share_classes.

launch() {
  module=$1 main=$2
  shift 2
  root=$(dirname -- "$bin")
  java=${JAVA_HOME:+$JAVA_HOME/bin/}java
  need_java_17
  archive=
  if [ -d "$root/lib" ]; then
    for classpath in "$root"/lib/pgq4j-[0-9]*.jar; do :; done
    [ -z "${share_classes-}" ] || share "$@"
  else
    run=$root/$module/target/run
    is_current || build
    classpath=$run/classes:$(cat "$run/classpath")
  fi
  set -f # JAVA_OPTS is split at blanks, but no file names
  # shellcheck disable=SC2086
  exec "$java" ${jvm_flags-} ${archive:+"-XX:SharedArchiveFile=$archive"} ${JAVA_OPTS-} \
    -cp "$classpath" "$main" "$@"
}

# The file that comes with a JDK tells its version much sooner than the JVM does.
need_java_17() {
  home=$(readlink -f -- "$(command -v "$java")") || home=
  home=${home%/bin/java}
  version=$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$home/release" 2>/dev/null) || version=
  [ -n "$version" ] || version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
  major=${version#1.}
  major=${major%%[!0-9]*}
  [ "${major:-0}" -ge 17 ] ||
    die "needs a JDK of version 17 or newer, but '$java' is ${version:-not there}. Set JAVA_HOME to one."
}

# Sets archive to what the JVM maps instead of loading classes. It fits one JVM and one set of jars at
# one place, and the JVM ignores any other; so no package can bring it. The first 'status' makes it.
share() {
  cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/pgq4j
  archive=$cache/${0##*/}-$(printf %s "$home $version $classpath" | cksum | tr -d ' ').jsa
  [ ! -r "$archive" ] || return 0
  made=$archive work=$archive.d archive=
  [ "${1-}" = status ] || return 0
  mkdir -p "$cache" 2>/dev/null || return 0
  mkdir "$work" 2>/dev/null || return 0 # another one is at it
  status=0
  # shellcheck disable=SC2086
  "$java" ${jvm_flags-} ${JAVA_OPTS-} -XX:DumpLoadedClassList="$work/classes" -cp "$classpath" "$main" "$@" || status=$?
  (
    if [ $status -eq 0 ] && nice "$java" -Xshare:dump -XX:SharedArchiveFile="$work/jsa" \
      -XX:SharedClassListFile="$work/classes" -cp "$classpath"; then
      rm -f "$cache/${0##*/}"-*.jsa
      mv "$work/jsa" "$made"
    fi
    rm -rf "$work"
  ) </dev/null >/dev/null 2>&1 &
  exit $status
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
