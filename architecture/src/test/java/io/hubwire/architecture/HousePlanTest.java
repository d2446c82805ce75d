package io.hubwire.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** Which module and which room may know which. */
@AnalyzeClasses(packages = "io.hubwire", importOptions = Production.class)
class HousePlanTest {

    private static final String PROTOCOL = "io.hubwire.protocol..";
    private static final String PAYLOAD_JACKSON = "io.hubwire.payload.jackson..";
    private static final String SERVER = "io.hubwire.server..";
    private static final String NETTY_HOST = "io.hubwire.server.netty..";
    private static final String METRICS = "io.hubwire.metrics..";
    private static final String TESTKIT = "io.hubwire.testkit..";
    private static final String CONFORMANCE = "io.hubwire.conformance..";
    private static final String BENCHMARKS = "io.hubwire.benchmarks..";
    private static final String SAMPLES = "io.hubwire.samples..";
    private static final String JDK = "java..";
    private static final String TLS_OF_THE_JDK = "javax.net.ssl..";
    private static final String NULLNESS = "org.jspecify..";
    private static final String LOGGING = "org.slf4j..";

    /** The face of the server: what hosts and users see. */
    private static final String[] FACE = {
        "io.hubwire.server", "io.hubwire.server.hub", "io.hubwire.server.options", "io.hubwire.server.spi"
    };

    private static final String MESSAGE_PACK_ROOM = "io.hubwire.protocol.internal.msgpack";
    private static final String ROOM = "io.hubwire.server.internal.";
    private static final String INTERNAL = "io.hubwire.server.internal..";

    /** Each room of the server, and the rooms behind it, towards the wire: those it may know. */
    private static final Map<String, Set<String>> ROOMS = Map.of(
            "endpoint", Set.of("transport"),
            "dispatch", Set.of("fanout", "connection", "outbox", "transport"),
            "fanout", Set.of("connection", "outbox", "transport"),
            "connection", Set.of("outbox", "transport"),
            "outbox", Set.of("transport"),
            "transport", Set.of());

    private static final int DOORS_PER_ROOM = 2;

    // ---- Modules ----

    @ArchTest
    static final ArchRule protocolStandsOnTheJdkAlone = classes()
            .that()
            .resideInAPackage(PROTOCOL)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(PROTOCOL, JDK, NULLNESS);

    @ArchTest
    static final ArchRule payloadKnowsTheProtocolAndJackson = classes()
            .that()
            .resideInAPackage(PAYLOAD_JACKSON)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    PAYLOAD_JACKSON, PROTOCOL, "tools.jackson..", "com.fasterxml.jackson.annotation..", JDK, NULLNESS);

    @ArchTest
    static final ArchRule serverKnowsNoEngineAndNoLibrary = classes()
            .that(resideInAPackage(SERVER).and(resideInAnyPackage(NETTY_HOST).negate()))
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(SERVER, PROTOCOL, JDK, LOGGING, NULLNESS)
                    .and(resideInAPackage(NETTY_HOST).negate())
                    .as("are its own, the protocol's, the JDK's or those of a log"));

    @ArchTest
    static final ArchRule hostsSeeOnlyTheFaceOfTheServer = classes()
            .that()
            .resideInAPackage(NETTY_HOST)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(FACE)
                    .or(resideInAnyPackage(NETTY_HOST, PROTOCOL, "io.netty..", JDK, TLS_OF_THE_JDK, LOGGING, NULLNESS))
                    .as("belong to the face of the server, to the protocol or to the engine"));

    @ArchTest
    static final ArchRule metricsSeeOnlyTheFaceOfTheServer = classes()
            .that()
            .resideInAPackage(METRICS)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(FACE)
                    .or(resideInAnyPackage(METRICS, PROTOCOL, "io.micrometer..", JDK, NULLNESS))
                    .as("belong to the face of the server, to the protocol or to Micrometer"));

    @ArchTest
    static final ArchRule onlyItsModuleKnowsMicrometer = noClasses()
            .that()
            .resideOutsideOfPackages(METRICS, CONFORMANCE, BENCHMARKS, SAMPLES)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.micrometer..");

    @ArchTest
    static final ArchRule onlyItsHostKnowsNetty = noClasses()
            .that()
            .resideOutsideOfPackage(NETTY_HOST)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");

    @ArchTest
    static final ArchRule onlyItsModuleKnowsJackson = noClasses()
            .that()
            .resideOutsideOfPackages(PAYLOAD_JACKSON, CONFORMANCE, BENCHMARKS, SAMPLES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("tools.jackson..", "com.fasterxml..");

    @ArchTest
    static final ArchRule nothingDependsOnAHostOrTheTestKit = noClasses()
            .that()
            .resideOutsideOfPackages(NETTY_HOST, TESTKIT, CONFORMANCE, BENCHMARKS, SAMPLES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(NETTY_HOST, TESTKIT);

    @ArchTest
    static final ArchRule nobodyEntersAnotherModulesRooms = noClasses()
            .that()
            .resideOutsideOfPackages("io.hubwire.server", INTERNAL, PROTOCOL, PAYLOAD_JACKSON, BENCHMARKS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.hubwire..internal..");

    @ArchTest
    static final ArchRule payloadEntersTheRoomForMessagePackAlone = noClasses()
            .that()
            .resideInAPackage(PAYLOAD_JACKSON)
            .should()
            .dependOnClassesThat(resideInAPackage("io.hubwire..internal..")
                    .and(resideOutsideOfPackage(MESSAGE_PACK_ROOM))
                    .as("are in a room other than that for MessagePack"));

    @ArchTest
    static final ArchRule serverStaysOutOfTheProtocolsRooms = noClasses()
            .that()
            .resideInAPackage(SERVER)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.hubwire.protocol.internal..");

    // ---- Rooms ----

    @ArchTest
    static void roomsLookOnlyTowardsTheWire(JavaClasses all) {
        ROOMS.forEach((room, behind) -> {
            var others = ROOMS.keySet().stream()
                    .filter(other -> !other.equals(room) && !behind.contains(other))
                    .map(other -> ROOM + other + "..");
            noClasses()
                    .that()
                    .resideInAPackage(ROOM + room + "..")
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(others.toArray(String[]::new))
                            .or(resideInAPackage("io.hubwire.server"))
                            .as("reside in a room that is not behind it"))
                    .check(all);
        });
    }

    @ArchTest
    static void everyRoomOfThePlanIsThere(JavaClasses all) {
        assertThat(ROOMS.keySet())
                .allSatisfy(room -> assertThat(all.that(resideInAPackage(ROOM + room)))
                        .as(room)
                        .isNotEmpty());
    }

    @ArchTest
    static void aClosetKnowsNoRoom(JavaClasses all) {
        // a closet is a package that every room may use, because it uses none
        var rooms = ROOMS.keySet().stream().map(name -> ROOM + name + "..").toArray(String[]::new);
        var closets = all
                .that(resideInAPackage(INTERNAL).and(resideInAnyPackage(rooms).negate()))
                .stream()
                .map(JavaClass::getPackageName)
                .collect(toSet());
        assertThat(closets)
                .allSatisfy(closet -> noClasses()
                        .that()
                        .resideInAPackage(closet)
                        .should()
                        .dependOnClassesThat(resideInAPackage(INTERNAL)
                                .and(resideInAPackage(closet).negate())
                                .or(resideInAPackage("io.hubwire.server"))
                                .as("reside in a room"))
                        .check(all));
    }

    @ArchTest
    static final ArchRule theFaceBesideTheServerKnowsNoRoom = noClasses()
            .that()
            .resideInAnyPackage("io.hubwire.server.hub", "io.hubwire.server.options", "io.hubwire.server.spi")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage(INTERNAL, "io.hubwire.server").as("are a room, or the server itself"));

    @ArchTest
    static final ArchRule noPackageCycles =
            slices().matching("io.hubwire.(**)").should().beFreeOfCycles();

    @ArchTest
    static void anInternalRoomHasFewDoors(JavaClasses all) {
        var doors = all.that(resideInAPackage("..internal..")).stream()
                .filter(type -> type.isTopLevelClass() && type.getModifiers().contains(PUBLIC))
                .collect(groupingBy(JavaClass::getPackageName, counting()));

        assertThat(doors)
                .isNotEmpty()
                .allSatisfy((room, count) -> assertThat(count).as(room).isLessThanOrEqualTo(DOORS_PER_ROOM));
    }

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses all) {
        assertThat(all.stream()
                        .map(JavaClass::getPackage)
                        .distinct()
                        .filter(room -> !room.isAnnotatedWith(NullMarked.class)))
                .isEmpty();
    }
}
