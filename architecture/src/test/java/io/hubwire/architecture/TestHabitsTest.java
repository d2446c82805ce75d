package io.hubwire.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.util.TreePath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.Test;

/** How tests are named, and that none of them sleeps or is skipped. */
class TestHabitsTest {

    private static final Set<String> MARKS_A_TEST =
            Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate", "ArchTest", "FuzzTest");
    private static final Pattern SENTENCE = Pattern.compile("(?!test([A-Z]|$))[a-z][A-Za-z0-9]*");
    private static final Pattern SOCKETS = Pattern.compile(
            "java\\.net\\.(http\\.|.*Socket\\b).*|java\\.nio\\.channels\\..*Socket.*|io\\.netty\\.bootstrap\\..*");

    private static final Pattern SLEEP = Pattern.compile("(.*\\.)?(Thread|(TimeUnit\\.)?[A-Z]+)\\.sleep");

    /** Waits where the client of a recorded conversation waited. */
    private static final String PLAYS_WHAT_WAS_RECORDED = "Talk";

    private final Sources tests = Sources.tests();

    @Test
    void thereAreTests() {
        assertThat(tests.units()).hasSizeGreaterThan(80);
    }

    @Test
    void aClassWithTestsIsNamedAfterItsKind() {
        assertThat(
                        new Sources.Search(tests) {
                            @Override
                            public Void visitMethod(MethodTree method, List<String> found) {
                                if (isTest(method.getModifiers())) {
                                    var type = topLevel(getCurrentPath());
                                    if (!isNamedAfterItsKind(type)) {
                                        note(
                                                type,
                                                type.getSimpleName()
                                                        + " is neither a Test, nor an IT, nor an abstract Contract or a part of one");
                                    }
                                }
                                return super.visitMethod(method, found);
                            }
                        }.found())
                .isEmpty();
    }

    @Test
    void aClassNamedLikeATestHasTests() {
        assertThat(tests.units().stream()
                        .filter(unit -> Pattern.matches(
                                ".*(Test|IT)\\.java",
                                Sources.file(unit).getFileName().toString()))
                        .filter(unit -> !isATest(unit))
                        .map(Sources::file))
                .isEmpty();
    }

    private static boolean isATest(CompilationUnitTree unit) {
        var text = Sources.text(unit);
        return MARKS_A_TEST.stream().anyMatch(mark -> text.contains("@" + mark))
                || text.contains("Contract {")
                || text.contains("@interface");
    }

    @Test
    void theNameOfATestIsASentence() {
        assertThat(
                        new Sources.Search(tests) {
                            @Override
                            public Void visitMethod(MethodTree method, List<String> found) {
                                if (isTest(method.getModifiers())
                                        && !SENTENCE.matcher(method.getName()).matches()) {
                                    note(method, method.getName().toString());
                                }
                                return super.visitMethod(method, found);
                            }
                        }.found())
                .isEmpty();
    }

    @Test
    void noTestSleeps() {
        assertThat(
                        new Sources.Search(tests) {
                            @Override
                            public Void visitMemberSelect(MemberSelectTree select, List<String> found) {
                                var text = select.toString();
                                if (SLEEP.matcher(text).matches() && !mayTakeItsTime(getCurrentPath())) {
                                    note(select, text);
                                }
                                return super.visitMemberSelect(select, found);
                            }
                        }.found())
                .isEmpty();
    }

    private static boolean mayTakeItsTime(TreePath path) {
        var type = topLevel(path);
        var parent = type.getExtendsClause();
        boolean isAHub = parent != null && parent.toString().matches("(Typed)?Hub(<.*>)?");
        return isAHub || PLAYS_WHAT_WAS_RECORDED.contentEquals(type.getSimpleName());
    }

    @Test
    void noTestIsSkipped() {
        assertThat(
                        new Sources.Search(tests) {
                            @Override
                            public Void visitAnnotation(AnnotationTree annotation, List<String> found) {
                                if (annotation
                                        .getAnnotationType()
                                        .toString()
                                        .matches("(.*\\.)?(Disabled.*|Enabled.*|ArchIgnore)")) {
                                    note(annotation, annotation.toString());
                                }
                                return super.visitAnnotation(annotation, found);
                            }

                            @Override
                            public Void visitMemberSelect(MemberSelectTree select, List<String> found) {
                                if (select.toString()
                                        .matches("(.*\\.)?Assum(ptions|e)\\.[a-z]\\w*|.*TestAbortedException")) {
                                    note(select, select.toString());
                                }
                                return super.visitMemberSelect(select, found);
                            }
                        }.found())
                .isEmpty();
    }

    @Test
    void aTestWithoutITInItsNameOpensNoSocket() {
        assertThat(
                        new Sources.Search(tests) {
                            @Override
                            public Void visitImport(ImportTree line, List<String> found) {
                                var file = Sources.file(getCurrentPath().getCompilationUnit());
                                if (file.toString().endsWith("Test.java")
                                        && SOCKETS.matcher(line.getQualifiedIdentifier()
                                                        .toString())
                                                .matches()) {
                                    note(line, line.getQualifiedIdentifier() + " in a test that is not called IT");
                                }
                                return super.visitImport(line, found);
                            }
                        }.found())
                .isEmpty();
    }

    @Test
    void everyPackageOfTestsIsNullMarked() {
        assertThat(HouseModule.all())
                .allSatisfy(module -> assertThat(Sources.files(module.testSources())
                                .map(Path::getParent)
                                .map(module.testSources()::relativize)
                                .distinct())
                        .allMatch(room -> Files.exists(
                                        module.testSources().resolve(room).resolve("package-info.java"))
                                || Files.exists(
                                        module.mainSources().resolve(room).resolve("package-info.java"))));
    }

    private static boolean isTest(ModifiersTree modifiers) {
        return modifiers.getAnnotations().stream()
                .map(annotation -> annotation.getAnnotationType().toString())
                .anyMatch(MARKS_A_TEST::contains);
    }

    private static ClassTree topLevel(TreePath path) {
        var at = path;
        while (!(at.getParentPath().getLeaf() instanceof CompilationUnitTree)) {
            at = at.getParentPath();
        }
        return (ClassTree) at.getLeaf();
    }

    private static boolean isNamedAfterItsKind(ClassTree type) {
        var name = type.getSimpleName().toString();
        boolean isAbstract = type.getModifiers().getFlags().contains(Modifier.ABSTRACT);
        // Promises are what a contract is put together of.
        return isAbstract
                ? name.endsWith("Contract") || name.endsWith("Promises")
                : name.endsWith("Test") || name.endsWith("IT");
    }
}
