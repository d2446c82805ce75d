package io.hubwire.server.spi;

import java.util.List;
import java.util.Set;

/** Whom a delivery is for. Who is named twice in a list is meant twice only by classic clients' rules. */
public sealed interface Recipients {

    /** Every connection of the hub but some. */
    record Everyone(Set<ConnectionId> except) implements Recipients {
        /** Every connection of the hub. */
        public static final Everyone OF_THE_HUB = new Everyone(Set.of());

        /** Freezes the set. */
        public Everyone {
            except = Set.copyOf(except);
        }
    }

    /** These connections; ids that nobody has are skipped. */
    record Connections(List<ConnectionId> ids) implements Recipients {
        /** Freezes the list. */
        public Connections {
            ids = List.copyOf(ids);
        }
    }

    /** The members of these groups, but some. Group names are case-sensitive. */
    record Groups(List<String> names, Set<ConnectionId> except) implements Recipients {
        /** Freezes list and set. */
        public Groups {
            names = List.copyOf(names);
            except = Set.copyOf(except);
        }
    }

    /** All connections of these users. User identifiers are case-sensitive. */
    record Users(List<String> ids) implements Recipients {
        /** Freezes the list. */
        public Users {
            ids = List.copyOf(ids);
        }
    }
}
