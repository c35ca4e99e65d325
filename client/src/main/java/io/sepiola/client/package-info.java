/**
 * Asks the cluster: {@link io.sepiola.client.MonClient} keeps the session with the monitors, {@link
 * io.sepiola.client.Rados} reaches objects and commands, {@link io.sepiola.client.CephConf} and
 * {@link io.sepiola.client.Keyring} read what Ceph's programs read.
 */
@NullMarked
package io.sepiola.client;

import org.jspecify.annotations.NullMarked;
