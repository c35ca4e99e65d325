/**
 * {@code sepiola ceph-deploy}: clusters on hosts that have a JDK, set up over SSH with the verbs of
 * Ceph's ceph-deploy.
 *
 * <p>{@link io.sepiola.cluster.deploy.DeployVerb} takes the command line. Each verb is a class of
 * its own and does its work on a {@code Host}, which runs scripts of the POSIX shell there with
 * root's rights over a {@code Link}; {@code SshDoor} opens links. {@code ClusterFiles} is the
 * working directory with ceph.conf and keyrings, {@code HostLayout} says where things are on a
 * host, {@code Daemons} starts and stops by systemd or without it.
 *
 * <p>Every verb may be run again: it looks before it changes something, what is done last marks a
 * step as complete, and a step that was cut off is done anew. Keys travel over standard input and
 * rest in files of mode 0600; they are in no command line and in no log.
 */
@NullMarked
package io.sepiola.cluster.deploy;

import org.jspecify.annotations.NullMarked;
