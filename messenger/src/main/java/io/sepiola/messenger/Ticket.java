package io.sepiola.messenger;

import io.sepiola.protocol.Utime;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.ServiceTicket;
import io.sepiola.protocol.auth.TicketBlob;

import java.time.Duration;
import java.time.Instant;

/** A ticket that we hold. */
record Ticket(TicketBlob blob, CryptoKey sessionKey, Instant renewAfter, Instant expires) {
    static Ticket of(ServiceTicket ticket, TicketBlob blob, Instant now) {
        Utime validity = ticket.validity();
        Duration span = Duration.ofSeconds(validity.seconds() & 0xffffffffL, validity.nanos());
        Instant expires = now.plus(span);
        return new Ticket(blob, ticket.sessionKey(), expires.minus(span.dividedBy(4)), expires);
    }

    /** The same, to be renewed as soon as can be, whatever the clock says. */
    Ticket doubted() {
        return new Ticket(blob, sessionKey, Instant.EPOCH, expires);
    }
}
