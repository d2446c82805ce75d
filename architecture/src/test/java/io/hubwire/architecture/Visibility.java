package io.hubwire.architecture;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import java.util.Set;
import javax.lang.model.element.Modifier;

/** Who can see a declaration. */
final class Visibility {

    private Visibility() {}

    /** Whether another package can see it: it and all that it is nested in are public or protected. */
    static boolean isSeenFromOutside(TreePath path) {
        for (TreePath at = path; !(at.getLeaf() instanceof CompilationUnitTree); at = at.getParentPath()) {
            if (!isOpen(at)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOpen(TreePath path) {
        return switch (path.getLeaf()) {
            case ClassTree type -> isOpen(type.getModifiers().getFlags()) || isMemberOfAnInterface(path);
            case MethodTree method -> isOpen(method.getModifiers().getFlags()) || isMemberOfAnInterface(path);
            default -> false;
        };
    }

    private static boolean isOpen(Set<Modifier> flags) {
        return flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED);
    }

    private static boolean isMemberOfAnInterface(TreePath path) {
        var kind = path.getParentPath().getLeaf().getKind();
        boolean isPrivate = path.getLeaf() instanceof MethodTree method
                && method.getModifiers().getFlags().contains(Modifier.PRIVATE);
        return !isPrivate && (kind == Tree.Kind.INTERFACE || kind == Tree.Kind.ANNOTATION_TYPE);
    }
}
