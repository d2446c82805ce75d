package io.hubwire.architecture;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toUnmodifiableSet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * A module of the project, as its directory and its pom.xml show it.
 *
 * @param name the directory, seen from the root: {@code server-netty}, {@code samples/chat}
 * @param pom what Maven reads
 */
record HouseModule(String name, Document pom) {

    private static final Path ROOT = requireNonNull(
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent());

    private static final List<HouseModule> ALL = texts(
                    read(ROOT.resolve("pom.xml")).getDocumentElement(), "module")
            .map(name -> new HouseModule(name, read(ROOT.resolve(name).resolve("pom.xml"))))
            .toList();

    static Path root() {
        return ROOT;
    }

    /** All modules that the root's pom.xml names, in its order. */
    static List<HouseModule> all() {
        return ALL;
    }

    /** Those that others may depend on as code. */
    static List<HouseModule> published() {
        return all().stream()
                .filter(module -> Files.exists(module.moduleInfo()))
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }

    Path directory() {
        return ROOT.resolve(name);
    }

    Path mainSources() {
        return directory().resolve("src/main/java");
    }

    Path testSources() {
        return directory().resolve("src/test/java");
    }

    Path moduleInfo() {
        return mainSources().resolve("module-info.java");
    }

    String rootPackage() {
        return "io.hubwire." + name.replace('-', '.').replace('/', '.');
    }

    boolean isPom() {
        return child(pom.getDocumentElement(), "packaging").equals(Optional.of("pom"));
    }

    String artifact() {
        return child(pom.getDocumentElement(), "artifactId").orElse("");
    }

    /** The modules of ours that whoever uses this one gets too, as artifacts. */
    Set<String> neighbours() {
        return elements(pom.getDocumentElement(), "dependency")
                .filter(dependency -> child(dependency, "groupId").equals(Optional.of("io.hubwire")))
                .filter(dependency -> !child(dependency, "scope").equals(Optional.of("test")))
                .flatMap(dependency -> child(dependency, "artifactId").stream())
                .collect(toUnmodifiableSet());
    }

    private static Document read(Path file) {
        try {
            return DocumentBuilderFactory.newNSInstance().newDocumentBuilder().parse(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }

    private static Stream<Element> elements(Element parent, String tag) {
        var nodes = parent.getElementsByTagName(tag);
        return IntStream.range(0, nodes.getLength()).mapToObj(nodes::item).map(Element.class::cast);
    }

    private static Stream<String> texts(Element parent, String tag) {
        return elements(parent, tag).map(Node::getTextContent).map(String::strip);
    }

    private static Optional<String> child(Element parent, String tag) {
        return elements(parent, tag)
                .filter(element -> parent.isSameNode(element.getParentNode()))
                .map(Node::getTextContent)
                .map(String::strip)
                .findFirst();
    }
}
