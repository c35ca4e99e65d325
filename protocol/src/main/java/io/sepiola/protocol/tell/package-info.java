/**
 * What daemons of every kind can be told of themselves, by {@code ceph tell} and through their
 * admin sockets. Entry class: {@code CommonCommands}.
 */
@NullMarked
package io.sepiola.protocol.tell;

import org.jspecify.annotations.NullMarked;
