package io.sepiola.protocol.auth;

/**
 * What is sealed. An {@code aes256k} key seals each under keys of its own, so that nothing sealed
 * for one use is taken for another; an {@code aes} key makes no difference.
 */
public enum KeyUse {
    /** The secret of a connection to a monitor, under the login's session key. */
    CONNECTION_SECRET(0x03),

    /** A ticket's session key on its way to the holder. */
    SESSION_KEY(0x04),

    /** A login's ticket, under the session key of the login before. */
    WRAPPED_TICKET(0x05),

    /** An authorizer, under the ticket's session key. */
    AUTHORIZE(0x10),

    /** The challenge that answers an authorizer. */
    CHALLENGE(0x11),

    /** The answer to an authorizer that met the challenge. */
    AUTHORIZED(0x12),

    /** A service's rotating secrets, under the daemon's own key. */
    ROTATING_SECRETS(0x20),

    /** The inside of a ticket, under the service's rotating secret. */
    TICKET(0x30);

    private final int number;

    KeyUse(int number) {
        this.number = number;
    }

    /** The key usage number of RFC 8009. */
    public int number() {
        return number;
    }
}
