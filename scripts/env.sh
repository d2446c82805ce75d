# What the commands of this project share: to be sourced by bash, changes no directory.
#
#   find_jdk MIN       newest JDK of at least that version -> JAVA_HOME, exported and first in PATH
#   need_maven         Maven 3.8 or newer                  -> MVN
#   need_node          node 20.10 or newer, with npm
#   need_chromium      a Chromium or Chrome                -> CHROMIUM, exported
#   need_python        Python 3.10 or newer, with venv     -> PYTHON
#   need_cargo         Rust 1.85 or newer, and what its crates build with
#   need_go            Go 1.21 or newer
#   npm_ci [DIR]...    installs what package-lock.json names, where that is not done yet; without DIR everywhere
#   build MODULE       builds a module's jar and target/lib, if a source of it is newer
#   run_java MODULE MAIN [ARG]...   becomes the main class of a module that `build` has built
#   run_java_with "JVM OPTIONS" MODULE MAIN [ARG]...   the same with options for the JVM
#
# What is missing is installed where that is allowed (as root, on a system with apt-get). Where it is not, the command
# to type is printed and the script that asked ends with status 1.

HUBWIRE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() {
    printf '%s\n' "$*" >&2
}

# missing WHAT COMMAND: says what is missing and which command mends it, and gives up
missing() {
    printf '\n%s To install it, type:\n\n    %s\n\n' "$1" "$2" >&2
    exit 1
}

may_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

# the command that installs packages here, for a person to type: install_command DEBIAN FEDORA MAC
install_command() {
    local sudo='sudo '
    [ "$(id -u)" != 0 ] || sudo=
    if command -v apt-get >/dev/null; then
        echo "${sudo}apt-get update && ${sudo}apt-get install -y $1"
    elif command -v dnf >/dev/null; then
        echo "${sudo}dnf install -y $2"
    else
        echo "brew install $3"
    fi
}

HUBWIRE_APT_UPDATED=
apt_update() {
    [ -z "$HUBWIRE_APT_UPDATED" ] || return 0
    HUBWIRE_APT_UPDATED=yes
    apt-get -qq update >&2 || true
}

# apt_install PACKAGE...: only where may_install
apt_install() {
    apt_update
    say "installing: $*"
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" >/dev/null
}

# "v20.3.1" or "3.8.7" or "1.8.0_292" -> its first number that means something
major() {
    local version=${1#v}
    version=${version#1.}
    version=${version%%[!0-9]*}
    echo "${version:-0}"
}

# at_least VERSION MAJOR MINOR
at_least() {
    local first=${1%%.*} rest=${1#*.}
    [ "$first" -gt "$2" ] || { [ "$first" -eq "$2" ] && [ "${rest%%[!0-9]*}" -ge "$3" ]; }
}

# ---- Java ----

jdk_candidates() {
    local name tool
    printf '%s\n' "${JAVA_HOME:-}"
    for name in $(compgen -e | grep -E '^JAVA_?[0-9]+_HOME$|^JAVA_HOME_[0-9]+' || true); do
        printf '%s\n' "${!name}"
    done
    if tool=$(command -v javac); then
        tool=$(readlink -f "$tool" 2>/dev/null || echo "$tool")
        printf '%s\n' "${tool%/bin/javac}"
    fi
    printf '%s\n' /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/*jdk* \
        "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* "$HOME"/.jdks/* "$HOME"/.jabba/jdk/* \
        "$HOME"/.asdf/installs/java/* "$HOME"/.local/share/mise/installs/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home
}

# jdk_version HOME: its first number, 0 if there is no whole JDK
jdk_version() {
    local version=
    if [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ]; then
        [ ! -r "$1/release" ] || version=$(sed -n 's/^JAVA_VERSION="\(.*\)".*/\1/p' "$1/release")
        [ -n "$version" ] || version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
    fi
    major "$version"
}

# newest_jdk MIN: where it is, or nothing; JAVA_HOME wins among equals
newest_jdk() {
    local home version best= best_version=$(($1 - 1))
    while IFS= read -r home; do
        [ -n "$home" ] || continue
        version=$(jdk_version "$home")
        if [ "$version" -gt "$best_version" ]; then
            best=$home best_version=$version
        fi
    done < <(jdk_candidates)
    echo "$best"
}

install_jdk() {
    local version
    may_install || return 0
    apt_update
    for version in 25 21; do
        if [ "$version" -ge "$1" ] && apt-cache show "openjdk-$version-jdk-headless" >/dev/null 2>&1; then
            ! apt_install "openjdk-$version-jdk-headless" || return 0
        fi
    done
}

jdk_command() {
    local system=linux cpu=x64
    case $(uname -s) in Darwin) system=mac ;; esac
    case $(uname -m) in aarch64 | arm64) cpu=aarch64 ;; esac
    echo "mkdir -p ~/.jdks && curl -fL https://api.adoptium.net/v3/binary/latest/25/ga/$system/$cpu/jdk/hotspot/normal/eclipse | tar -xz -C ~/.jdks"
}

find_jdk() {
    local found
    found=$(newest_jdk "$1")
    if [ -z "$found" ]; then
        install_jdk "$1"
        found=$(newest_jdk "$1")
    fi
    [ -n "$found" ] || missing "No JDK of version $1 or newer was found." "$(jdk_command)"
    export JAVA_HOME=$found PATH=$found/bin:$PATH
}

# ---- Maven, node, Chromium ----

maven_fits() {
    local version
    MVN=$(command -v mvn) || return 1
    version=$("$MVN" -version 2>/dev/null | sed $'s/\x1b\\[[0-9;]*m//g' | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p')
    at_least "${version:-0.0}" 3 8
}

need_maven() {
    maven_fits && return
    ! may_install || apt_install maven || true
    maven_fits && return
    # what the system's packages have is too old
    [ -z "$MVN" ] || missing "$MVN is older than 3.8, the oldest Maven that will do." \
        "curl -s https://get.sdkman.io | bash && . ~/.sdkman/bin/sdkman-init.sh && sdk install maven"
    missing "Maven 3.8 or newer was not found." "$(install_command maven maven maven)"
}

node_version() {
    node --version 2>/dev/null || echo v0.0
}

# older ones do not know all options that the tests start it with
node_fits() {
    local version
    version=$(node_version)
    command -v npm >/dev/null && at_least "${version#v}" 20 10
}

need_node() {
    node_fits && return
    local packages='nodejs npm' version
    version=$(node_version)
    ! at_least "${version#v}" 20 10 || packages=npm
    # shellcheck disable=SC2086  # the packages are words
    ! may_install || apt_install $packages || true
    node_fits && return
    version=$(node_version)
    if [ "$version" != v0.0 ] && ! at_least "${version#v}" 20 10; then
        # what the system's packages have is too old
        missing "node $version is here; 20.10 or newer, with npm, will do." \
            "curl -o- https://raw.githubusercontent.com/nvm-sh/nvm/v0.40.3/install.sh | bash && . ~/.nvm/nvm.sh && nvm install 22"
    fi
    missing "node 20.10 or newer with npm was not found." "$(install_command "$packages" "$packages" node)"
}

chromium_fits() {
    local name
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
        "/Applications/Chromium.app/Contents/MacOS/Chromium" \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
        if [ -n "$name" ] && CHROMIUM=$(command -v "$name"); then
            export CHROMIUM
            return 0
        fi
    done
    CHROMIUM=
    return 1
}

need_chromium() {
    chromium_fits && return
    ! may_install || apt_install chromium || true
    chromium_fits || missing "Chromium was not found." "$(install_command chromium chromium '--cask chromium')"
}

# ---- Python, Rust and Go, for ./verify --all ----

python_fits() {
    PYTHON=$(command -v python3) && "$PYTHON" -c \
        'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null
}

need_python() {
    python_fits && return
    ! may_install || apt_install python3 python3-venv || true
    python_fits || missing "Python 3.10 or newer, with venv, was not found." \
        "$(install_command 'python3 python3-venv' python3 python)"
}

rust_version() {
    local version
    version=$(cargo --version 2>/dev/null) || version='cargo 0.0'
    version=${version#cargo }
    echo "${version%% *}"
}

rust_fits() {
    [[ :$PATH: == *":$HOME/.cargo/bin:"* ]] || [ ! -d "$HOME/.cargo/bin" ] || PATH=$HOME/.cargo/bin:$PATH
    at_least "$(rust_version)" 1 85
}

crates_build() {
    command -v cc >/dev/null && pkg-config --exists openssl 2>/dev/null
}

need_cargo() {
    rust_fits && crates_build && return
    local packages='gcc libc6-dev pkg-config libssl-dev' version
    version=$(rust_version)
    [ "$version" != 0.0 ] || packages="cargo $packages"
    # shellcheck disable=SC2086  # the packages are words
    ! may_install || apt_install $packages || true
    rust_fits && crates_build && return
    version=$(rust_version)
    if [ "$version" != 0.0 ] && ! rust_fits; then
        # what the system's packages have is too old
        missing "Rust $version is here; 1.85 or newer will do." \
            "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y"
    fi
    missing "Rust 1.85 or newer, a C compiler, pkg-config and OpenSSL's headers were not all found." \
        "$(install_command 'cargo gcc libc6-dev pkg-config libssl-dev' 'cargo gcc pkgconf openssl-devel' 'rust pkgconf openssl')"
}

go_version() {
    local version
    version=$(go env GOVERSION 2>/dev/null) || version=0.0
    echo "${version##*go}"
}

go_fits() {
    at_least "$(go_version)" 1 21 && return
    [ -x /usr/local/go/bin/go ] && PATH=/usr/local/go/bin:$PATH && at_least "$(go_version)" 1 21
}

need_go() {
    go_fits && return
    ! may_install || apt_install golang-go || true
    go_fits || missing "Go 1.21 or newer was not found." "$(install_command golang-go golang go)"
}

# ---- Building ----

lock_files() {
    git -C "$HUBWIRE_ROOT" ls-files '*package-lock.json' 2>/dev/null ||
        (cd "$HUBWIRE_ROOT" && find . -name package-lock.json -not -path '*/node_modules/*' -not -path '*/target/*')
}

npm_ci() {
    local directory
    if [ $# = 0 ]; then
        while IFS= read -r directory; do
            set -- "$@" "$(dirname "$HUBWIRE_ROOT/$directory")"
        done < <(lock_files)
    fi
    for directory; do
        [ "$directory/node_modules/.package-lock.json" -nt "$directory/package-lock.json" ] && continue
        need_node
        say "npm ci in ${directory#"$HUBWIRE_ROOT"/}"
        (cd "$directory" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 PUPPETEER_SKIP_DOWNLOAD=1 \
            npm ci --no-audit --no-fund --loglevel=error >&2) || {
            say "npm ci failed in $directory"
            exit 1
        }
        touch "$directory/node_modules/.package-lock.json"
    done
}

# modules_of MODULE: its directory and those of all modules of ours that it needs
modules_of() {
    local todo=$1 seen=" " module artifact
    while [ -n "$todo" ]; do
        module=${todo%% *}
        todo=${todo#"$module"}
        todo=${todo# }
        case $seen in *" $module "*) continue ;; esac
        seen="$seen$module "
        echo "$module"
        for artifact in $(sed -n 's/.*<artifactId>hubwire-\([a-z-]*\)<.*/\1/p' "$HUBWIRE_ROOT/$module/pom.xml"); do
            artifact=${artifact/#sample-/samples/}
            [ ! -d "$HUBWIRE_ROOT/$artifact" ] || todo="${todo:+$todo }$artifact"
        done
    done
}

# sources_of MODULE [TEST]...: the files that its jar is made of, or those of them that find's tests are true for
sources_of() {
    local module sources=("$HUBWIRE_ROOT/pom.xml")
    for module in $(modules_of "$1"); do
        sources+=("$HUBWIRE_ROOT/$module"/{pom.xml,package-lock.json,src/main})
    done
    shift
    { find "${sources[@]}" -type f "$@" -print 2>/dev/null || true; } | LC_ALL=C sort
}

# is_built MODULE: its jar is made of the same files as at the last build, and none is newer
is_built() {
    local built="$HUBWIRE_ROOT/$1/target/.built"
    [ -e "$built" ] && [ "$(sources_of "$1")" = "$(cat "$built")" ] &&
        [ -z "$(sources_of "$1" -newer "$built")" ]
}

# what a JVM says about Maven's own libraries, and the colour reset that Maven writes without colours, are no news here
quiet_maven() {
    sed -e $'s/\x1b\\[[0-9;]*m//g' -e '/^WARNING: /d' -e '/^$/d'
}

build() {
    is_built "$1" && return
    need_maven
    say "building $1"
    rm -rf "$HUBWIRE_ROOT/$1/target/lib"
    (cd "$HUBWIRE_ROOT" && "$MVN" -q -B -Dstyle.color=never -P '!strict' -pl "$1" -am package \
        -Dmaven.test.skip=true 2>&1 | quiet_maven >&2; exit "${PIPESTATUS[0]}") || {
        say "building $1 failed"
        exit 1
    }
    sources_of "$1" >"$HUBWIRE_ROOT/$1/target/.built"
}

run_java() {
    run_java_with "" "$@"
}

run_java_with() {
    local options=$1 target="$HUBWIRE_ROOT/$2/target" main=$3 jar
    shift 3
    for jar in "$target"/hubwire-*.jar; do
        # shellcheck disable=SC2086  # the options are words
        exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED $options -cp "$jar:$target/lib/*" "$main" "$@"
    done
}
