package io.hubwire.samples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the guide and the pages beside it show is code that compiles: each Java block stands in a source of this project,
 * line for line.
 */
final class GuideTest {

    private static final Path ROOT = Path.of("../..");
    private static final Path HERE = Path.of("src/main/java");
    private static final Pattern SHOWN = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern MARKED = Pattern.compile("// begin \\w+\\n(.*?)// end\\n", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\((?!\\w+:)([^)#]+)(#[^)]*)?\\)");
    private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git");

    @Test
    void showsWhatIsCompiled() throws IOException {
        List<String> sources = javaBelow(ROOT).map(GuideTest::linesOf).toList();

        assertThat(pages())
                .isNotEmpty()
                .allSatisfy(page -> assertThat(found(SHOWN, page))
                        .allSatisfy(block -> assertThat(sources).as(block).anyMatch(source -> source.contains(block))));
    }

    @Test
    void showsAllThatIsMarkedForIt() throws IOException {
        Set<String> shown =
                pages().stream().flatMap(page -> found(SHOWN, page).stream()).collect(Collectors.toSet());

        assertThat(javaBelow(HERE).flatMap(file -> found(MARKED, file).stream()))
                .isNotEmpty()
                .allSatisfy(block -> assertThat(shown).contains(block));
    }

    @Test
    void linksToWhatIsThere() throws IOException {
        assertThat(pages())
                .allSatisfy(page -> assertThat(LINK.matcher(text(page)).results())
                        .allSatisfy(link ->
                                assertThat(page.resolveSibling(link.group(1))).exists()));
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String directory : List.of("docs", "docs/guide")) {
            try (Stream<Path> files = Files.list(ROOT.resolve(directory))) {
                files.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        return pages;
    }

    private static List<String> found(Pattern what, Path file) {
        return what.matcher(text(file))
                .results()
                .map((MatchResult match) -> stripped(match.group(1)))
                .toList();
    }

    private static String linesOf(Path file) {
        return stripped(text(file));
    }

    /** Lines without what stands before and behind them. */
    private static String stripped(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n")).strip();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Stream<Path> javaBelow(Path directory) throws IOException {
        List<Path> sources = new ArrayList<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                return NOT_OURS.contains(String.valueOf(visited.getFileName()))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".java")) {
                    sources.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return sources.stream();
    }
}
