package io.hubwire.server.internal.dispatch;

import static io.hubwire.server.internal.dispatch.HubScene.call;
import static io.hubwire.server.internal.dispatch.HubScene.message;
import static io.hubwire.server.internal.dispatch.HubScene.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.server.fixture.FakePipe;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubContext;
import io.hubwire.server.hub.HubMethodName;
import io.hubwire.server.hub.TypedHub;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that are called through an interface of theirs. */
@Timeout(20)
class TypedHubTest {

    private final HubScene scene = new HubScene(Chat.class);

    @Nested
    class ACall {

        @Test
        void becomesAMessageOfTheSameName() {
            FakePipe client = scene.client();
            client.sends(call("say", "\"hi\""));

            assertThat(client.awaitMessages(3)).containsExactly("{}", message("said", "\"hi\",1"), result("null"));
        }

        @Test
        void becomesAMessageOfTheNameInItsAnnotation() {
            FakePipe client = scene.client();
            client.sends(call("rename", ""));

            assertThat(client.awaitMessages(3)).containsExactly("{}", message("Renamed!", ""), result("true"));
        }

        @Test
        void reachesEveryoneItIsFor() {
            FakePipe ada = scene.client();
            FakePipe bob = scene.client();
            ada.sends(call("everyWay", "\"" + bob.id() + "\""));

            assertThat(bob.awaitMessages(10))
                    .filteredOn(text -> text.contains("said"))
                    .hasSize(9);
            assertThat(ada.awaitMessages(9))
                    .filteredOn(text -> text.contains("said"))
                    .hasSize(7);
        }

        @Test
        void throwsWhenNobodyWouldHearThatItCouldNotBeWritten() {
            FakePipe client = scene.client();
            client.sends(call("sayNonsense", ""));

            assertThat(client.awaitMessages(2))
                    .containsExactly("{}", result("\"io.hubwire.protocol.PayloadException: JSON cannot express NaN\""));
        }

        @Test
        void failsItsStageWhenItCouldNotBeWritten() {
            FakePipe client = scene.client();
            client.sends(call("sayNonsenseLater", ""));

            assertThat(client.awaitMessages(2)).containsExactly("{}", result("\"failed\""));
        }

        @Test
        void mayComeFromOutside() {
            FakePipe client = scene.client();

            @SuppressWarnings("unchecked") // as a server does that knows the hub's class
            var chat = (HubContext<ChatClient>) scene.dispatcher().context();
            chat.clients().all().said("from outside", 2);

            assertThat(client.awaitMessages(2)).containsExactly("{}", message("said", "\"from outside\",2"));
        }

        @Test
        void isNoneThatEveryObjectHas() {
            FakePipe client = scene.client();
            client.sends(call("objects", ""));

            assertThat(client.awaitMessages(2))
                    .containsExactly("{}", result("\"ChatClient of some clients true false\""));
        }
    }

    @Nested
    class AHub {

        @Test
        void mayInheritItsClientInterfaceThroughGenericSuperclasses() {
            var inherited = new HubScene(Inherited.class);
            FakePipe client = inherited.client();
            client.sends(call("greet", ""));

            assertThat(client.awaitMessages(3)).contains(message("said", "\"hello\",0"));
        }

        @Test
        void whoseClientsAreNoInterfaceIsRefused() {
            assertRefused(new HubScene(NoInterface.class), "Type must be an interface: java.lang.String");
        }

        @Test
        void whoseClientsAreUnknownIsRefused() {
            assertRefused(new HubScene(raw(Raw.class)), "Type must be an interface: java.lang.Object");
        }

        @Test
        void whoseClientsReturnValuesIsRefused() {
            assertRefused(new HubScene(Returning.class), "returns neither void nor a CompletionStage");
        }

        @Test
        void whoseClientsHaveDefaultMethodsIsRefused() {
            assertRefused(new HubScene(Defaulting.class), "is static, default or generic");
        }

        private void assertRefused(HubScene refused, String text) {
            assertThatThrownBy(refused::dispatcher)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(text);
        }
    }

    @SuppressWarnings("unchecked") // it is one, however it was declared
    private static Class<? extends HubBase<?>> raw(Class<?> hub) {
        return (Class<? extends HubBase<?>>) hub;
    }

    public interface Speaking {
        void said(String text, int times);
    }

    public interface ChatClient extends Speaking {
        @HubMethodName("Renamed!")
        CompletionStage<Void> renamed();

        CompletionStage<Void> number(double value);

        @HubMethodName("numberNow")
        void now(double value);
    }

    public static final class Chat extends TypedHub<ChatClient> {

        Chat() {}

        public void say(String text) {
            clients().caller().said(text, 1);
        }

        public CompletionStage<Boolean> rename() {
            return clients().caller().renamed().thenApply(sent -> true);
        }

        public void everyWay(String other) {
            groups().add(other, "room");
            groups().add(context().connectionId(), "room");
            var self = List.of(context().connectionId());
            clients().all().said("all", 0);
            clients().others().said("others", 0);
            clients().client(other).said("client", 0);
            clients().clients(List.of(other, context().connectionId())).said("clients", 0);
            clients().allExcept(self).said("allExcept", 0);
            clients().group("room").said("group", 0);
            clients().groups(List.of("room")).said("groups", 0);
            clients().groupExcept("room", self).said("groupExcept", 0);
            clients().othersInGroup("room").said("othersInGroup", 0);
            clients().groupExcept("room", List.of(other)).said("self", 0);
            clients().allExcept(List.of(other)).said("self", 0);
            clients().caller().said("caller", 0);
            clients().user("nobody").said("user", 0);
            clients().users(List.of("nobody")).said("users", 0);
        }

        public String sayNonsense() {
            try {
                clients().caller().now(Double.NaN);
                return "said";
            } catch (RuntimeException unsaid) {
                return unsaid.toString();
            }
        }

        public CompletionStage<String> sayNonsenseLater() {
            return clients().caller().number(Double.NaN).handle((sent, error) -> error == null ? "sent" : "failed");
        }

        public String objects() {
            var caller = clients().caller();
            return caller + " " + Set.of(caller).contains(caller) + " "
                    + caller.equals(clients().caller());
        }
    }

    abstract static class Middle<A, B> extends TypedHub<B> {

        Middle() {}
    }

    public static final class Inherited extends Middle<String, Speaking> {

        Inherited() {}

        public void greet() {
            clients().caller().said("hello", 0);
        }
    }

    public static final class NoInterface extends TypedHub<String> {

        NoInterface() {}
    }

    @SuppressWarnings("rawtypes") // what is to be refused
    public static final class Raw extends TypedHub {

        Raw() {}
    }

    interface Answering {
        String ask();
    }

    public static final class Returning extends TypedHub<Answering> {

        Returning() {}
    }

    interface WithDefault {
        default void hello() {}
    }

    public static final class Defaulting extends TypedHub<WithDefault> {

        Defaulting() {}
    }
}
