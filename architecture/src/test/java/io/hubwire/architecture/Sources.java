package io.hubwire.architecture;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Java files as the compiler's own parser sees them, so that no rule trips over a comment or a text. */
final class Sources {

    private final DocTrees docs;
    private final List<CompilationUnitTree> units;

    private Sources(DocTrees docs, List<CompilationUnitTree> units) {
        this.docs = docs;
        this.units = units;
    }

    /** The production code of all modules. */
    static Sources main() {
        return below(HouseModule.all(), HouseModule::mainSources);
    }

    /** The production code of the modules that others may depend on. */
    static Sources published() {
        return below(HouseModule.published(), HouseModule::mainSources);
    }

    /** The tests of all modules, and the contracts of the test kit. */
    static Sources tests() {
        var directories = Stream.concat(
                HouseModule.all().stream().map(HouseModule::testSources),
                HouseModule.all().stream()
                        .filter(module -> module.name().equals("testkit"))
                        .map(HouseModule::mainSources));
        return parse(directories.flatMap(Sources::files).toList());
    }

    private static Sources below(List<HouseModule> modules, Function<HouseModule, Path> directory) {
        return parse(modules.stream().map(directory).flatMap(Sources::files).toList());
    }

    /** Every Java file below a directory, none if it does not exist. */
    static Stream<Path> files(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Stream.empty();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.toString().endsWith(".java")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Sources parse(List<Path> files) {
        var javac = ToolProvider.getSystemJavaCompiler();
        var manager = javac.getStandardFileManager(null, null, StandardCharsets.UTF_8);
        var task = (JavacTask) javac.getTask(
                null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
        try {
            var units = new ArrayList<CompilationUnitTree>();
            task.parse().forEach(units::add);
            return new Sources(DocTrees.instance(task), List.copyOf(units));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<CompilationUnitTree> units() {
        return units;
    }

    boolean isDocumented(TreePath path) {
        return docs.getDocComment(path) != null;
    }

    static Path file(CompilationUnitTree unit) {
        return Path.of(unit.getSourceFile().toUri());
    }

    static String text(CompilationUnitTree unit) {
        try {
            return Files.readString(file(unit));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a rule objects to: an anonymous subclass overrides the visits it cares for and calls {@link #note}. */
    abstract static class Search extends TreePathScanner<Void, List<String>> {
        private final List<String> found = new ArrayList<>();
        private final Sources sources;

        Search(Sources sources) {
            this.sources = sources;
        }

        final List<String> found() {
            sources.units.forEach(unit -> scan(unit, found));
            return found;
        }

        final void note(Tree where, String what) {
            var unit = getCurrentPath().getCompilationUnit();
            var position = sources.docs.getSourcePositions().getStartPosition(unit, where);
            found.add("%s:%d %s"
                    .formatted(
                            HouseModule.root().relativize(file(unit)),
                            unit.getLineMap().getLineNumber(position),
                            what));
        }
    }
}
