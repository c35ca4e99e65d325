package io.sepiola.cluster.deploy;

import io.sepiola.cluster.deploy.DeployLog.Speaker;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts and stops the daemons of one host: by systemd where it runs the host, otherwise in the
 * background, with the pid file that the daemon writes.
 */
final class Daemons {
    private static final int START_SECONDS_MAX = 90;
    private static final int STOP_SECONDS_MAX = 30;

    private final Host host;
    private final HostLayout layout;
    private final Speaker log;

    Daemons(Host host) {
        this.host = host;
        this.layout = host.layout();
        this.log = host.log();
    }

    boolean isRunning(Daemon daemon) {
        return host.hasSystemd()
                ? host.run("systemctl is-active --quiet " + Shell.quote(daemon.unit())).ok()
                : pid(daemon).isPresent();
    }

    private Optional<String> pid(Daemon daemon) {
        Answer answer = host.run(isOurs(daemon) + "\nfind_pid && echo $p");
        return answer.ok() ? Optional.of(answer.out().strip()) : Optional.empty();
    }

    /**
     * Two shell functions: {@code is_ours PID} succeeds while that is the daemon's process and
     * alive; {@code find_pid} while the daemon's file names such a one, with its pid in {@code p}.
     * A pid that another program has meanwhile does not count, nor does a process that has ended
     * and that nobody has asked after.
     */
    private String isOurs(Daemon daemon) {
        String words = " " + String.join(" ", daemon.identity(layout)) + " ";
        return """
        is_ours() {
          tr '\\0' ' ' < /proc/$1/cmdline 2>/dev/null | grep -q -F -e %s
        }
        find_pid() {
          p=$(cat %s 2>/dev/null) && [ -n "$p" ] && is_ours $p
        }\
        """
                .formatted(Shell.quote(words), Shell.quote(daemon.pidFile(layout)));
    }

    /** Starts it, at every start of the machine too where systemd is; false if it runs already. */
    boolean start(Daemon daemon) {
        return start(daemon, List.of());
    }

    /**
     * As above.
     *
     * @param once more words of the program for this start, which it needs no more at later ones
     */
    boolean start(Daemon daemon, List<String> once) {
        if (isRunning(daemon)) {
            log.debug(daemon.name() + " is running already");
            return false;
        }
        if (host.hasSystemd()) {
            host.does("systemctl enable sepiola.target");
            host.does("systemctl enable " + Shell.quote(daemon.unit()));
            host.does("systemctl restart " + Shell.quote(daemon.unit()));
        } else {
            startHere(daemon, once);
        }
        return true;
    }

    private void startHere(Daemon daemon, List<String> once) {
        List<String> words = new ArrayList<>(List.of(layout.launcher()));
        words.addAll(daemon.running(layout));
        words.addAll(once);
        String command = Shell.command(words.toArray(String[]::new));
        log.info("Running command: " + command + " &");
        String script =
                """
                %s
                mkdir -p -- %s %s && rm -f -- %s || exit 1
                cd /
                setsid %s </dev/null >%s 2>&1 &
                child=$!
                i=0
                while [ $i -lt %d ]; do
                  find_pid && exit 0
                  kill -0 $child 2>/dev/null || break
                  i=$((i + 1))
                  sleep 0.2
                done
                tail -n 3 -- %s
                exit 1
                """
                        .formatted(
                                isOurs(daemon),
                                Shell.quote(layout.run()),
                                Shell.quote(layout.log()),
                                Shell.quote(daemon.pidFile(layout)),
                                command,
                                Shell.quote(daemon.outFile(layout)),
                                START_SECONDS_MAX * 5,
                                Shell.quote(daemon.outFile(layout)));
        Answer answer = host.run(script);
        if (!answer.ok()) {
            throw new DeployFailure(
                    daemon.name() + " does not start on " + host.name() + ": " + answer.reason());
        }
    }

    /** The last words of a daemon that did not stay. */
    DeployFailure ended(Daemon daemon) {
        String said =
                host.hasSystemd()
                        ? "see 'journalctl -u " + daemon.unit() + "' there"
                        : host.run("tail -n 3 -- " + Shell.quote(daemon.outFile(layout))).reason();
        return new DeployFailure(
                daemon.name() + " has ended on " + host.name() + " soon after its start: " + said);
    }

    /** Ends it in good order, and for good; false if it does not run. */
    boolean stop(Daemon daemon) {
        if (host.hasSystemd()) {
            boolean ran = isRunning(daemon);
            host.run("systemctl disable --now " + Shell.quote(daemon.unit()));
            return ran;
        }
        Optional<String> pid = pid(daemon);
        pid.ifPresent(running -> {
            log.info("Running command: kill " + running);
            end(daemon);
        });
        return pid.isPresent();
    }

    private void end(Daemon daemon) {
        Answer answer =
                host.run(
                        """
                        %s
                        find_pid || exit 0
                        kill $p
                        i=0
                        while is_ours $p; do # it removes its file a little before it ends
                          i=$((i + 1))
                          [ $i -gt %d ] && exit 1
                          sleep 0.2
                        done
                        """
                                .formatted(isOurs(daemon), STOP_SECONDS_MAX * 5));
        if (!answer.ok()) {
            throw new DeployFailure(
                    daemon.name()
                            + " on "
                            + host.name()
                            + " has not ended within "
                            + STOP_SECONDS_MAX
                            + " s; look at its log in "
                            + layout.log());
        }
    }

    /** All that have been made here. */
    List<Daemon> made() {
        List<Daemon> all = new ArrayList<>();
        for (Daemon.Kind kind : Daemon.Kind.values()) {
            String folder = Daemon.folder(kind, layout);
            Answer answer = host.run("ls -1 -- " + Shell.quote(folder));
            if (answer.ok()) {
                answer.out()
                        .lines()
                        .filter(name -> name.matches("ceph-[A-Za-z0-9_.-]{1,200}"))
                        .filter(name -> !name.endsWith(".new"))
                        .forEach(name ->
                                all.add(new Daemon(kind, name.substring("ceph-".length()))));
            }
        }
        return all;
    }
}
