package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.AuthName;

/**
 * What a peer proved.
 *
 * @param name whose key it has
 * @param globalId of its login
 * @param caps as the monitors wrote them into its ticket, encoded for this service; empty for a
 *     monitor's client, whose caps the monitor knows
 * @param allowAll whether the ticket allows everything
 */
public record Identity(AuthName name, long globalId, Bytes caps, boolean allowAll) {}
