#!/usr/bin/env bash
# Plants one violation per build rule in a copy of the project and checks that the build refuses
# it with the right words. ArchitectureRulesBiteTest does the same for the rules in ArchitectureTest.
# Needs Maven on a JDK 25 (JAVA_HOME).
set -euo pipefail
cd "$(dirname "$0")/.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
policy=policy/src/main/java/io/sallyport/policy
broken=0

fresh_copy() {
    rm -rf "${copy:?}/project"
    mkdir "$copy/project"
    git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$copy/project"
}

build() {
    (cd "$copy/project" && mvn -B -q -Dmaven.test.skip=true "$@") >"$copy/log" 2>&1
}

report() {
    printf '%-8s %-42s %s\n' "$1" "$2" "$3"
}

# prove NAME MESSAGE MODULE PHASE: the build of MODULE fails, and says MESSAGE (a pattern)
prove() {
    local name=$1 message=$2 module=$3 phase=$4
    if build -pl "$module" -am "$phase"; then
        report MISSED "$name" 'the build passed'
        broken=1
    elif grep -qE -e "$message" "$copy/log"; then
        report refused "$name" "$(grep -m 1 -oE -e "$message" "$copy/log")"
    else
        report MISSED "$name" 'the build failed with other words:'
        tail -n 15 "$copy/log"
        broken=1
    fi
    fresh_copy
}

# plant FILE: writes standard input into the copy
plant() {
    mkdir -p "$(dirname "$copy/project/$1")"
    cat >"$copy/project/$1"
}

# depend MODULE GROUP ARTIFACT: one more dependency
depend() {
    local entry="<dependency><groupId>$2</groupId><artifactId>$3</artifactId></dependency>"
    sed -i "0,/<dependencies>/s|<dependencies>|<dependencies>$entry|" "$copy/project/$1/pom.xml"
}

lines() {
    local number
    for number in $(seq "$1"); do
        printf '%s\n' "${2//N/$number}"
    done
}

fresh_copy
if ! build -pl policy,audit -am verify; then
    tail -n 20 "$copy/log"
    echo 'The project itself does not pass: nothing can be proven.'
    exit 1
fi
report passed 'no violation' 'the copy as it is'

plant $policy/Planted.java <<'END'
package io.sallyport.policy;

final class Planted {
  static final int   WIDE = 1;
}
END
prove 'layout' 'format violations' policy verify

plant $policy/Planted.java <<'END'
package io.sallyport.policy;

final class Planted {
    static String name() {
        return null;
    }
}
END
prove 'null returned' '\[NullAway\] returning @Nullable expression' policy compile

plant $policy/Planted.java <<'END'
package io.sallyport.policy;

final class Planted {
    static int length() {
        return length(null);
    }

    private static int length(String text) {
        return text.length();
    }
}
END
prove 'null passed' '\[NullAway\] passing @Nullable parameter' policy compile

plant $policy/planted/package-info.java <<'END'
/** Says nothing about null. */
package io.sallyport.policy.planted;
END
plant $policy/planted/Planted.java <<'END'
package io.sallyport.policy.planted;

final class Planted {}
END
prove 'package without @NullMarked' '\[RequireExplicitNullMarking\]' policy compile

plant $policy/planted/Planted.java <<'END'
package io.sallyport.policy.planted;

import org.jspecify.annotations.NullMarked;

@NullMarked
final class Planted {}
END
prove 'package without package-info' 'Missing package-info.java' policy verify

plant $policy/Planted.java <<'END'
package io.sallyport.policy;

final class Planted {
    static boolean same(int[] one, int[] other) {
        return one.equals(other);
    }
}
END
prove 'bug pattern' '\[ArrayEquals\]' policy compile

plant $policy/Planted.java <<'END'
package io.sallyport.policy;

import java.util.List;

final class Planted {
    static List<String> names(List<?> names) {
        return (List<String>) names;
    }
}
END
prove 'compiler warning' 'warnings found and -Werror specified' policy compile

plant $policy/Planted.java <<END
package io.sallyport.policy;

final class Planted {
    static int sum(int sum) {
        int total = sum;
$(lines 40 '        total += N;')
        return total;
    }
}
END
prove 'method of more than 40 lines' 'Method sum length is 44 lines \(max allowed is 40\)' policy verify

plant $policy/Planted.java <<END
package io.sallyport.policy;

final class Planted {
$(lines 400 '    static final int FIELD_N = N;')
}
END
prove 'file of more than 400 lines' 'File length is 404 lines \(max allowed is 400\)' policy verify

plant $policy/Planted.java <<'END'
package io.sallyport.policy;

final class Planted {
    static int sum(int a, int b, int c, int d, int e, int f) {
        return a + b + c + d + e + f;
    }
}
END
prove 'more than 5 parameters' 'More than 5 parameters' policy verify

plant $policy/Planted.java <<END
package io.sallyport.policy;

import java.util.function.IntUnaryOperator;

final class Planted {
    static IntUnaryOperator sum() {
        return start -> {
            int total = start;
$(lines 5 '            total += N;')
            return total;
        };
    }
}
END
prove 'lambda of more than 8 lines' 'Lambda body length is 9 lines \(max allowed is 8\)' policy verify

plant $policy/Planted.java <<END
package io.sallyport.policy;

final class Planted {
    static int one(int total) {
$(lines 35 '        total += N;')
        return total;
    }

    static int other(int total) {
$(lines 35 '        total += N;')
        return total;
    }
}
END
prove 'a hundred tokens twice' 'CPD.* duplication' policy verify

plant $policy/PlantedManager.java <<'END'
package io.sallyport.policy;

final class PlantedManager {}
END
prove 'forbidden class name' "The name 'PlantedManager' says nothing" policy verify

plant $policy/util/package-info.java <<'END'
/** A package name that says nothing. */
@NullMarked
package io.sallyport.policy.util;

import org.jspecify.annotations.NullMarked;
END
prove 'forbidden package name' "The package 'io.sallyport.policy.util'" policy verify

plant $policy/Planted.java <<'END'
package io.sallyport.policy;

/**
 * Signed.
 *
 * @author somebody
 */
final class Planted {}
END
prove 'author in a file' 'no authors in files' policy verify

depend audit io.sallyport policy
prove 'audit uses a room' 'Dependencies point one way' audit compile

depend catalog io.sallyport audit
prove 'catalog uses audit' 'Dependencies point one way' catalog compile

depend policy io.sallyport catalog
prove 'policy uses catalog' 'cyclic reference' policy compile

depend policy io.sallyport.samples command
prove 'a room uses a sample' 'Dependencies point one way' policy compile

depend policy com.fasterxml.jackson.core jackson-databind
prove 'Jackson 2' 'Jackson 3 \(tools.jackson\) only' policy compile

depend policy com.openai openai-java
prove 'Jackson 2 behind another dependency' 'Jackson 3 \(tools.jackson\) only' policy compile

depend policy com.google.re2j re2j
prove 'unused dependency' 'Unused declared dependencies found' policy verify

plant $policy/Planted.java <<'END'
package io.sallyport.policy;

import org.apiguardian.api.API;

@API(status = API.Status.STABLE)
final class Planted {}
END
sed -i '0,/<dependencies>/s|<dependencies>|<dependencies><dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><scope>compile</scope></dependency>|' \
    "$copy/project/policy/pom.xml"
prove 'undeclared dependency' 'Used undeclared dependencies found' policy verify

exit $broken
