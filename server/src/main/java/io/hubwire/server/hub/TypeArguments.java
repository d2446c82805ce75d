package io.hubwire.server.hub;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the type variables of generic superclasses and interfaces stand for, seen from one class. Immutable. */
final class TypeArguments {

    private final Map<TypeVariable<?>, Type> known = new HashMap<>();

    TypeArguments(Class<?> type) {
        learnFrom(type);
    }

    private void learnFrom(Class<?> type) {
        learn(type.getGenericSuperclass());
        for (Type each : type.getGenericInterfaces()) {
            learn(each);
        }
    }

    private void learn(@Nullable Type above) {
        if (above == null) {
            return;
        }
        Class<?> raw = erased(above);
        if (above instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            for (int i = 0; i < arguments.length; i++) {
                known.put(raw.getTypeParameters()[i], resolved(arguments[i]));
            }
        }
        learnFrom(raw);
    }

    /** The type with every variable replaced: by what it stands for, or where that is open by its bound. */
    Type resolved(Type type) {
        return switch (type) {
            case TypeVariable<?> variable -> {
                Type meant = known.get(variable);
                yield meant == null ? erased(variable) : meant;
            }
            case ParameterizedType generic ->
                new Generic(
                        erased(generic),
                        generic.getOwnerType(),
                        Arrays.stream(generic.getActualTypeArguments())
                                .map(this::resolved)
                                .toList());
            case WildcardType wildcard -> resolved(bound(wildcard));
            case GenericArrayType array -> {
                Type element = resolved(array.getGenericComponentType());
                yield element instanceof Class<?> plain ? plain.arrayType() : new GenericArray(element);
            }
            default -> type;
        };
    }

    /** The class that is left of a type at run time. */
    static Class<?> erased(Type type) {
        return switch (type) {
            case Class<?> plain -> plain;
            case ParameterizedType generic -> (Class<?>) generic.getRawType();
            case TypeVariable<?> variable -> erased(variable.getBounds()[0]);
            case WildcardType wildcard -> erased(bound(wildcard));
            case GenericArrayType array ->
                Array.newInstance(erased(array.getGenericComponentType()), 0).getClass();
            default -> Object.class;
        };
    }

    private static Type bound(WildcardType wildcard) {
        Type[] lower = wildcard.getLowerBounds();
        return lower.length > 0 ? lower[0] : wildcard.getUpperBounds()[0];
    }

    // The accessors of these two have the JDK's names.

    private record Generic(Class<?> raw, @Nullable Type owner, List<Type> arguments) implements ParameterizedType {

        @Override
        public Type[] getActualTypeArguments() {
            return arguments.toArray(Type[]::new);
        }

        @Override
        public Type getRawType() {
            return raw;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return owner;
        }
    }

    private record GenericArray(Type element) implements GenericArrayType {

        @Override
        public Type getGenericComponentType() {
            return element;
        }
    }
}
