package io.hubwire.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.Test;

/** What only the sources show. */
class SourceHabitsTest {

    private static final Pattern LEFT_FOR_LATER = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");
    private static final Pattern UNIT_IN_THE_NAME = Pattern.compile(".*(Ms|Millis|Seconds)");
    private static final Set<String> NUMBERS = Set.of("int", "long", "Integer", "Long");
    private static final int LONGEST_FILE = 500;

    private final Sources main = Sources.main();

    @Test
    void thereAreSources() {
        assertThat(main.units()).hasSizeGreaterThan(150);
    }

    @Test
    void nothingIsSynchronized() {
        assertThat(
                        new Sources.Search(main) {
                            @Override
                            public Void visitSynchronized(SynchronizedTree block, List<String> found) {
                                note(block, "synchronized block");
                                return super.visitSynchronized(block, found);
                            }

                            @Override
                            public Void visitModifiers(ModifiersTree modifiers, List<String> found) {
                                if (modifiers.getFlags().contains(Modifier.SYNCHRONIZED)) {
                                    note(modifiers, "synchronized method");
                                }
                                return super.visitModifiers(modifiers, found);
                            }
                        }.found())
                .isEmpty();
    }

    @Test
    void nothingIsLeftForLater() {
        assertThat(main.units().stream()
                        .filter(unit ->
                                LEFT_FOR_LATER.matcher(Sources.text(unit)).find())
                        .map(Sources::file))
                .isEmpty();
    }

    @Test
    void aUnitOfTimeIsInTheTypeAndNotInTheName() {
        assertThat(
                        new Sources.Search(main) {
                            @Override
                            public Void visitVariable(VariableTree variable, List<String> found) {
                                var parent = getCurrentPath().getParentPath();
                                if (isPublicParameter(variable, parent)
                                        && NUMBERS.contains(variable.getType().toString())
                                        && UNIT_IN_THE_NAME
                                                .matcher(variable.getName())
                                                .matches()) {
                                    note(variable, variable.toString());
                                }
                                return super.visitVariable(variable, found);
                            }
                        }.found())
                .isEmpty();
    }

    private static boolean isPublicParameter(VariableTree variable, TreePath parent) {
        return switch (parent.getLeaf()) {
            case MethodTree method ->
                Visibility.isSeenFromOutside(parent) && method.getParameters().contains(variable);
            case ClassTree type ->
                type.getKind() == Tree.Kind.RECORD
                        && Visibility.isSeenFromOutside(parent)
                        && !variable.getModifiers().getFlags().contains(Modifier.STATIC);
            default -> false;
        };
    }

    @Test
    void whateverIsPublicIsDocumented() {
        var published = Sources.published();

        assertThat(
                        new Sources.Search(published) {
                            @Override
                            public Void visitClass(ClassTree type, List<String> found) {
                                if (!type.getSimpleName().isEmpty()) {
                                    demand(type, type.getSimpleName().toString());
                                }
                                return super.visitClass(type, found);
                            }

                            @Override
                            public Void visitMethod(MethodTree method, List<String> found) {
                                if (!explainedElsewhere(method, getCurrentPath().getParentPath())) {
                                    demand(method, method.getName() + "()");
                                }
                                return super.visitMethod(method, found);
                            }

                            private void demand(Tree tree, String name) {
                                if (Visibility.isSeenFromOutside(getCurrentPath())
                                        && !published.isDocumented(getCurrentPath())) {
                                    note(tree, name + " has no comment");
                                }
                            }
                        }.found())
                .isEmpty();
    }

    private static boolean explainedElsewhere(MethodTree method, TreePath type) {
        boolean overrides = method.getModifiers().getAnnotations().stream()
                .map(AnnotationTree::getAnnotationType)
                .anyMatch(annotation -> annotation.toString().equals("Override"));
        boolean constructsARecord =
                method.getName().contentEquals("<init>") && type.getLeaf().getKind() == Tree.Kind.RECORD;
        boolean isImplied = method.getName().contentEquals("<init>")
                && method.getModifiers().getFlags().isEmpty();
        return overrides || constructsARecord || isImplied;
    }

    @Test
    void everyPackageSaysWhatItIs() {
        assertThat(main.units().stream()
                        .filter(unit -> Sources.file(unit).endsWith("package-info.java"))
                        .filter(unit -> !Sources.text(unit).startsWith("/**"))
                        .map(Sources::file))
                .isEmpty();
    }

    @Test
    void filesAreShort() {
        assertThat(main.units().stream()
                        .filter(unit -> linesOfCode(Sources.text(unit)) > LONGEST_FILE)
                        .map(Sources::file))
                .isEmpty();
    }

    private static long linesOfCode(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .filter(line -> !line.startsWith("//") && !line.startsWith("/*") && !line.startsWith("*"))
                .count();
    }
}
