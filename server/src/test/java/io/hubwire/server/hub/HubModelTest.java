package io.hubwire.server.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class HubModelTest {

    @Nested
    class TheName {

        @Test
        void isThatOfTheClass() {
            assertThat(HubModel.of(Plain.class).name()).isEqualTo("Plain");
        }

        @Test
        void isThatOfTheAnnotation() {
            assertThat(HubModel.of(Named.class).name()).isEqualTo("chat");
        }
    }

    @Nested
    class TheMethods {

        @Test
        void areThePublicOnesOfTheClassAndItsSuperclasses() {
            assertThat(names(Plain.class)).containsExactly("inherited", "own");
        }

        @Test
        void areNotThoseThatTheServerOrTheJvmCalls() {
            assertThat(names(Callbacks.class)).isEmpty();
        }

        @Test
        void mayBeNamedLikeWhatOnlyTheServerSees() {
            assertThat(names(Unlucky.class)).containsExactly("call", "close", "serve");
        }

        @Test
        void areNamedByTheirAnnotation() {
            assertThat(names(Annotated.class)).containsExactly("other", "own");
        }

        @Test
        void areThereOnceWhenTheyAreOverridden() {
            assertThat(names(Overriding.class)).containsExactly("inherited", "own");
            assertThat(method(Overriding.class, "inherited").method().getDeclaringClass())
                    .isEqualTo(Overriding.class);
        }

        @Test
        void areThereOnceWhenTheirResultIsNarrowed() {
            assertThat(names(Narrowing.class)).containsExactly("value");
            assertThat(method(Narrowing.class, "value").result()).isEqualTo(String.class);
        }

        @Test
        void areAllThereWhenTheyAreOverloaded() {
            assertThat(names(Overloaded.class)).containsExactly("say", "say");
        }

        @Test
        void areThereWhenTheCompilerHidesThemBehindBridges() {
            assertThat(names(OfHiddenSuperclass.class)).containsExactly("own", "visible");
        }

        @Test
        void areThoseOfAClassThatIsNotPublicToo() {
            assertThat(names(Hidden.class)).containsExactly("visible");
        }

        @Test
        void areTheDefaultMethodsOfInterfacesToo() {
            assertThat(names(Polite.class)).containsExactly("greet", "own");
        }

        @Test
        void areNotTheDefaultMethodsThatTheClassOverrides() {
            assertThat(names(Impolite.class)).containsExactly("greet", "own");
            assertThat(method(Impolite.class, "greet").method().getDeclaringClass())
                    .isEqualTo(Impolite.class);
        }
    }

    @Nested
    class TheTypes {

        @Test
        void areThoseThatTheVariablesOfGenericSuperclassesStandFor() {
            assertThat(method(Users.class, "save").valueTypes()).containsExactly(User.class, long[].class);
            assertThat(method(Users.class, "save").result()).isEqualTo(User.class);
            assertThat(text(method(Users.class, "saveAll").valueTypes().getFirst()))
                    .isEqualTo("java.util.List<User>");
            assertThat(text(method(Users.class, "byId").result()))
                    .isEqualTo("java.util.Map<java.lang.Long, java.util.List<User>>");
            assertThat(method(Users.class, "array").valueTypes()).containsExactly(User[].class);
        }

        @Test
        void areThoseThatTheVariablesOfGenericInterfacesStandFor() {
            assertThat(method(Users.class, "find").valueTypes()).containsExactly(Long.class);
        }

        @Test
        void areTheBoundsWhereItIsOpenWhatAVariableStandsFor() {
            assertThat(method(raw(RawUsers.class), "save").valueTypes()).containsExactly(Record.class, long[].class);
        }

        @Test
        void areOverriddenWithTheMethodsOfGenericSuperclasses() {
            assertThat(names(CarefulUsers.class)).doesNotHaveDuplicates();
            assertThat(method(CarefulUsers.class, "save").method().getDeclaringClass())
                    .isEqualTo(CarefulUsers.class);
        }

        @Test
        void ofResultsAreThoseOfTheirStages() {
            assertThat(method(Results.class, "later").result()).isEqualTo(String.class);
            assertThat(method(Results.class, "future").result()).isEqualTo(String.class);
            assertThat(method(Results.class, "nothing").result()).isEqualTo(void.class);
            assertThat(method(Results.class, "nothingLater").result()).isEqualTo(Void.class);
            assertThat(text(method(Results.class, "list").result())).isEqualTo("java.util.List<java.lang.String>");
        }

        @Test
        void ofStreamsAreThoseOfTheirItems() {
            for (String name : List.of("published", "streamed", "publishedLater")) {
                assertThat(method(Results.class, name).streaming()).isTrue();
                assertThat(method(Results.class, name).result()).isEqualTo(Integer.class);
            }
            assertThat(method(Results.class, "list").streaming()).isFalse();
        }

        @Test
        void ofStreamedParametersAreThoseOfTheirItems() {
            var upload = method(Results.class, "upload");

            assertThat(upload.parameters())
                    .containsExactly(
                            new HubModel.Parameter(String.class, false), new HubModel.Parameter(Integer.class, true));
            assertThat(upload.valueTypes()).containsExactly(String.class);
            assertThat(upload.streamCount()).isEqualTo(1);
        }
    }

    @Nested
    class Demands {

        @Test
        void ofTheHubAreThoseOfItsSuperclassesToo() {
            assertThat(HubModel.of(Guarded.class).demands())
                    .containsExactlyInAnyOrder(
                            new Demand("Guarded", Optional.empty(), Set.of("a", "b"), Optional.empty()),
                            new Demand("Guarded", Optional.empty(), Set.of(), Optional.of("p")),
                            new Demand("Guarded", Optional.empty(), Set.of(), Optional.empty()));
        }

        @Test
        void ofAMethodHoldWhereItIsOverriddenToo() {
            assertThat(method(Guarded.class, "delete").demands())
                    .extracting(demand -> demand.policy().orElse("-"))
                    .containsExactly("override", "base");
            assertThat(method(Guarded.class, "erase").demands()).hasSize(1);
        }

        @Test
        void nameTheMethodAsClientsDo() {
            assertThat(method(Guarded.class, "erase").demands().getFirst().method())
                    .contains("erase");
        }

        @Test
        void mayNameARoleTwice() {
            assertThat(method(Guarded.class, "twice").demands().getFirst().roles())
                    .containsExactly("a");
        }

        @Test
        void areNoneByDefault() {
            assertThat(HubModel.of(Plain.class).demands()).isEmpty();
            assertThat(method(Plain.class, "own").demands()).isEmpty();
        }
    }

    @Nested
    class Promises {

        @Test
        void areThoseOfTheMethodOrOfTheWholeHub() {
            assertThat(method(Promising.class, "quick").nonBlocking()).isTrue();
            assertThat(method(Promising.class, "slow").nonBlocking()).isFalse();
            assertThat(method(AllPromising.class, "slow").nonBlocking()).isTrue();
        }

        @Test
        void areNotKeptByMethodsThatOverride() {
            assertThat(method(Breaking.class, "quick").nonBlocking()).isFalse();
        }

        @Test
        void ofNamesAre() {
            assertThat(names(Breaking.class)).containsExactly("quick", "slow");
        }
    }

    @Nested
    class TheClientInterface {

        @Test
        void isNoneOfAHubThatIsNotTyped() {
            assertThat(HubModel.of(Plain.class).clientInterface()).isEmpty();
        }

        @Test
        void isWhatTheHubIsTypedBy() {
            assertThat(HubModel.of(Typed.class).clientInterface()).contains(Greeting.class);
        }
    }

    private static List<String> names(Class<? extends HubBase<?>> hub) {
        return HubModel.of(hub).methods().stream().map(HubModel.Callable::name).toList();
    }

    private static HubModel.Callable method(Class<? extends HubBase<?>> hub, String name) {
        return HubModel.of(hub).methods().stream()
                .filter(method -> method.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @SuppressWarnings("unchecked") // it is one, however it was declared
    private static Class<? extends HubBase<?>> raw(Class<?> hub) {
        return (Class<? extends HubBase<?>>) hub;
    }

    private static String text(Type type) {
        if (type instanceof ParameterizedType generic) {
            return generic.getRawType().getTypeName() + "<"
                    + String.join(
                            ", ",
                            Arrays.stream(generic.getActualTypeArguments())
                                    .map(HubModelTest::text)
                                    .toList())
                    + ">";
        }
        return type.equals(User.class) ? "User" : type.getTypeName();
    }

    abstract static class Base extends Hub {

        Base() {}

        public void inherited() {}

        void packagePrivate() {}

        protected void forSubclasses() {}
    }

    public static class Plain extends Base {

        Plain() {}

        public static void isStatic() {}

        public void own() {
            hidden();
        }

        private void hidden() {}
    }

    @HubName("chat")
    public static final class Named extends Hub {

        Named() {}
    }

    public static final class Callbacks extends Hub implements AutoCloseable {

        Callbacks() {}

        @Override
        public void onConnected() {}

        @Override
        public void onReconnected() {}

        @Override
        public void onDisconnected(Departure departure) {}

        @Override
        public void close() {}

        @Override
        public String toString() {
            return "callbacks";
        }

        @Override
        public int hashCode() {
            return 1;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Callbacks;
        }
    }

    public static final class Unlucky extends Hub {

        Unlucky() {}

        public void call() {}

        public void serve(String order) {}

        public void close() {}
    }

    public static final class Annotated extends Plain {

        Annotated() {}

        @Override
        @HubMethodName("other")
        public void inherited() {}
    }

    public static final class Overriding extends Plain {

        Overriding() {}

        @Override
        public void inherited() {}
    }

    abstract static class Wide extends Hub {

        Wide() {}

        public Object value() {
            return "";
        }
    }

    public static final class Narrowing extends Wide {

        Narrowing() {}

        @Override
        public String value() {
            return "";
        }
    }

    public static final class Overloaded extends Hub {

        Overloaded() {}

        public void say(String text) {}

        public void say(String text, int times) {}
    }

    static class Hidden extends Hub {

        Hidden() {}

        public void visible() {}
    }

    public static final class OfHiddenSuperclass extends Hidden {

        OfHiddenSuperclass() {}

        public void own() {}
    }

    interface Greeting {
        default void greet() {}

        void own();
    }

    public static final class Polite extends Hub implements Greeting {

        Polite() {}

        @Override
        public void own() {}
    }

    public static final class Impolite extends Hub implements Greeting {

        Impolite() {}

        @Override
        public void greet() {}

        @Override
        public void own() {}
    }

    record User(String name) {}

    interface Finding<K> {
        default void find(K key) {}
    }

    abstract static class Crud<T extends Record, K> extends Hub implements Finding<K> {

        Crud() {}

        public T save(T value, long[] versions) {
            return value;
        }

        public void saveAll(List<? extends T> values) {}

        public CompletionStage<Map<K, List<T>>> byId() {
            return CompletableFuture.completedFuture(Map.of());
        }

        public void array(T[] values) {}
    }

    public static class Users extends Crud<User, Long> {

        Users() {}
    }

    @SuppressWarnings("rawtypes") // what the test is about
    public static class RawUsers extends Crud {

        RawUsers() {}
    }

    public static final class CarefulUsers extends Users {

        CarefulUsers() {}

        @Override
        public User save(User value, long[] versions) {
            return value;
        }
    }

    public static final class Results extends Hub {

        Results() {}

        public CompletionStage<String> later() {
            return CompletableFuture.completedFuture("");
        }

        public CompletableFuture<String> future() {
            return CompletableFuture.completedFuture("");
        }

        public void nothing() {}

        public CompletionStage<Void> nothingLater() {
            return CompletableFuture.completedFuture(null);
        }

        public List<String> list() {
            return new ArrayList<>();
        }

        public Flow.Publisher<Integer> published() {
            throw new UnsupportedOperationException();
        }

        public Stream<Integer> streamed() {
            return Stream.of();
        }

        public CompletionStage<Flow.Publisher<Integer>> publishedLater() {
            throw new UnsupportedOperationException();
        }

        public void upload(String prefix, Flow.Publisher<Integer> numbers) {}
    }

    @Authorize(policy = "p")
    abstract static class GuardedBase extends Hub {

        GuardedBase() {}

        @Authorize(policy = "base")
        public void delete() {}

        @Authorize
        public void erase() {}
    }

    @Authorize
    @Authorize(roles = {"a", "b"})
    public static final class Guarded extends GuardedBase {

        Guarded() {}

        @Override
        @Authorize(policy = "override")
        public void delete() {}

        @Override
        public void erase() {}

        @Authorize(roles = {"a", "a"})
        public void twice() {}
    }

    public static class Promising extends Hub {

        Promising() {}

        @NonBlocking
        @HubMethodName("quick")
        public void fast() {}

        public void slow() {}
    }

    @NonBlocking
    public static final class AllPromising extends Promising {

        AllPromising() {}
    }

    public static final class Breaking extends Promising {

        Breaking() {}

        @Override
        public void fast() {}
    }

    public static final class Typed extends TypedHub<Greeting> {

        Typed() {}
    }
}
