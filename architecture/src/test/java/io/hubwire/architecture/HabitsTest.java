package io.hubwire.architecture;

import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toUnmodifiableSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How types and methods are named and built, as the class files show it. */
@AnalyzeClasses(packages = "io.hubwire", importOptions = Production.class)
class HabitsTest {

    private static final Pattern RANK =
            Pattern.compile(".*(Manager|Helper|Utils?|Impl)|(Abstract|Base|Default)[A-Z].*");

    /** SignalR's own words. */
    private static final Set<String> CLIENTS_KNOW_THEM = Set.of("GroupManager");

    private static final Pattern GETTER = Pattern.compile("get[A-Z].*");

    private static final Set<String> SAYS_NOTHING =
            Set.of("java.lang.Throwable", "java.lang.Exception", "java.lang.RuntimeException", "java.lang.Error");

    private static final Set<String> PUBLISHED =
            HouseModule.published().stream().map(HouseModule::rootPackage).collect(toUnmodifiableSet());

    private static final double FINAL_SHARE = 0.9;

    @ArchTest
    static void namesAreNounsOfTheDomain(JavaClasses all) {
        assertThat(all.stream()
                        .map(JavaClass::getSimpleName)
                        .filter(name -> RANK.matcher(name).matches())
                        .filter(name -> !CLIENTS_KNOW_THEM.contains(name)))
                .isEmpty();
    }

    @ArchTest
    static void accessorsHaveNoVerb(JavaClasses all) {
        assertThat(all.stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> method.getModifiers().contains(PUBLIC))
                        .filter(method -> !method.getModifiers().contains(SYNTHETIC))
                        .filter(method -> GETTER.matcher(method.getName()).matches())
                        .filter(method -> !isTheWordOfALibrary(method))
                        .map(JavaMethod::getFullName))
                .isEmpty();
    }

    private static boolean isTheWordOfALibrary(JavaMethod method) {
        var owner = method.getOwner();
        return Stream.concat(owner.getAllRawSuperclasses().stream(), owner.getAllRawInterfaces().stream())
                .filter(type -> !type.getPackageName().startsWith("io.hubwire"))
                .flatMap(type -> type.getMethods().stream())
                .anyMatch(other -> other.getName().equals(method.getName())
                        && other.getRawParameterTypes().size()
                                == method.getRawParameterTypes().size());
    }

    @ArchTest
    static void exceptionsSayWhatHappened(JavaClasses all) {
        assertThat(all.stream()
                        .filter(type -> !type.isAssignableTo(Throwable.class))
                        .flatMap(type -> type.getConstructorCallsFromSelf().stream())
                        .filter(call ->
                                SAYS_NOTHING.contains(call.getTargetOwner().getName()))
                        .map(Object::toString))
                .isEmpty();
    }

    @ArchTest
    static void classesAreFinalUnlessMadeToBeExtended(JavaClasses all) {
        var concrete = all.stream()
                .filter(HabitsTest::isConcrete)
                .filter(type -> !type.isEnum() && !type.isRecord())
                .filter(type -> PUBLISHED.contains(module(type)))
                .collect(groupingBy(HabitsTest::module));

        assertThat(concrete).isNotEmpty();
        concrete.forEach((module, types) -> {
            var open = types.stream()
                    .filter(type -> !type.getModifiers().contains(FINAL))
                    .toList();
            assertThat(open).as("%s has %d classes", module, types.size()).hasSizeLessThanOrEqualTo(allowed(types));
        });
    }

    private static int allowed(List<JavaClass> types) {
        return (int) ((1 - FINAL_SHARE) * types.size());
    }

    private static boolean isConcrete(JavaClass type) {
        return !type.isInterface()
                && !type.isAnonymousClass()
                && !type.isLocalClass()
                && !type.getModifiers().contains(ABSTRACT)
                && !type.getSimpleName().equals("package-info");
    }

    private static String module(JavaClass type) {
        return HouseModule.all().stream()
                .map(HouseModule::rootPackage)
                .filter(root -> (type.getPackageName() + ".").startsWith(root + "."))
                .max(Comparator.comparingInt(String::length))
                .orElseThrow(() -> new AssertionError(type.getName() + " belongs to no module"));
    }
}
