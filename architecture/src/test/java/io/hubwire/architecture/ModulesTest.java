package io.hubwire.architecture;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ModulesTest {

    @Test
    void everyDirectoryWithAPomIsAModule() throws IOException {
        try (Stream<Path> all = Files.find(
                HouseModule.root(), 3, (file, attributes) -> file.endsWith("pom.xml") && attributes.isRegularFile())) {
            assertThat(all.map(Path::getParent)
                            .map(HouseModule.root()::relativize)
                            .map(Path::toString)
                            .filter(name -> !name.isEmpty() && !name.contains("target")))
                    .containsExactlyInAnyOrderElementsOf(
                            HouseModule.all().stream().map(HouseModule::name).toList());
        }
    }

    @Test
    void theArtifactIsNamedAfterTheDirectory() {
        assertThat(HouseModule.all())
                .isNotEmpty()
                .allSatisfy(module -> assertThat(module.artifact())
                        .isEqualTo("hubwire-" + module.name().replace("samples/", "sample-")));
    }

    @Test
    void theModuleAndItsRootPackageAreNamedAfterTheDirectory() {
        assertThat(HouseModule.published()).hasSizeGreaterThanOrEqualTo(5).allSatisfy(module -> {
            assertThat(module.moduleInfo()).content().containsPattern("\\bmodule " + module.rootPackage() + " \\{");
            assertThat(module.artifact()).isEqualTo("hubwire-" + module.name());
        });
    }

    @Test
    void everyTypeLivesBelowTheRootPackageOfItsModule() {
        assertThat(HouseModule.all())
                .allSatisfy(module -> assertThat(Stream.of(module.mainSources(), module.testSources())
                                .flatMap(sources -> Sources.files(sources).map(sources::relativize))
                                .filter(file -> !file.endsWith("module-info.java"))
                                .filter(file ->
                                        !file.startsWith(module.rootPackage().replace('.', '/'))))
                        .isEmpty());
    }

    @Test
    void noPublishedModuleDependsOnOneThatIsNot() {
        var published =
                HouseModule.published().stream().map(HouseModule::artifact).collect(toSet());

        assertThat(HouseModule.published())
                .allSatisfy(module -> assertThat(published).containsAll(module.neighbours()));
    }

    @Test
    void theBomNamesEveryPublishedModuleAndNothingElse() {
        var bom = HouseModule.all().stream()
                .filter(module -> module.name().equals("bom"))
                .findFirst()
                .orElseThrow();

        assertThat(bom.neighbours())
                .isEqualTo(HouseModule.published().stream()
                        .map(HouseModule::artifact)
                        .collect(toSet()));
    }

    @Test
    void theArchitectureSeesEveryModule() throws IOException {
        var own = Files.readString(HouseModule.root().resolve("architecture/pom.xml"));

        assertThat(HouseModule.all().stream()
                        .filter(module -> !module.isPom() && !module.name().equals("architecture"))
                        .map(HouseModule::artifact)
                        .filter(artifact -> !own.contains("<artifactId>" + artifact + "</artifactId>"))
                        .collect(joining(", ")))
                .isEmpty();
    }
}
