package io.hubwire.server.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubBase;
import io.hubwire.server.hub.HubMethodName;
import io.hubwire.server.hub.HubModel;
import java.util.List;
import org.junit.jupiter.api.Test;

class HubMethodsTest {

    @Test
    void findsAMethodWhateverTheCaseOfItsName() {
        var methods = methods(Plain.class);

        assertThat(methods.target("Say")).isPresent();
        assertThat(methods.target("sAY").map(target -> target.name())).contains("Say");
        assertThat(methods.target("Sai")).isEmpty();
    }

    @Test
    void refusesOverloads() {
        assertRefused(Overloaded.class, "Duplicate definitions of 'say'. Overloading is not supported.");
    }

    @Test
    void refusesNamesThatDifferByCaseAlone() {
        assertRefused(SameName.class, "Duplicate definitions of 'say'. Overloading is not supported.");
    }

    @Test
    void refusesNamesThatAnAnnotationMakesTheSame() {
        assertRefused(Renamed.class, "Duplicate definitions of 'SAY'. Overloading is not supported.");
    }

    @Test
    void refusesGenericMethods() {
        assertRefused(Generic.class, "Method 'say' is a generic method which is not supported on a Hub.");
    }

    private static void assertRefused(Class<? extends HubBase<?>> hub, String text) {
        assertThatThrownBy(() -> methods(hub))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isEqualToIgnoringCase(text);
    }

    private static HubMethods methods(Class<? extends HubBase<?>> hub) {
        return new HubMethods(HubModel.of(hub), method -> new Filters(List.of()));
    }

    @SuppressWarnings("MethodName")
    public static final class Plain extends Hub {

        Plain() {}

        public void Say(String text) {}
    }

    public static final class Overloaded extends Hub {

        Overloaded() {}

        public void say(String text) {}

        public void say(String text, int times) {}
    }

    @SuppressWarnings("MethodName")
    public static final class SameName extends Hub {

        SameName() {}

        public void say(String text) {}

        public void Say(int times) {}
    }

    public static final class Renamed extends Hub {

        Renamed() {}

        public void say(String text) {}

        @HubMethodName("SAY")
        public void shout() {}
    }

    public static final class Generic extends Hub {

        Generic() {}

        @SuppressWarnings("TypeParameterUnusedInFormals")
        public <T> void say(T text) {}
    }
}
