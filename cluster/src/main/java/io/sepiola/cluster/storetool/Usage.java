package io.sepiola.cluster.storetool;

/** What the tools say on {@code --help}. */
final class Usage {
    static final String OBJECTSTORE =
            """
            usage: ceph-objectstore-tool --data-path DIR [--dry-run] [--format json|json-pretty] ...

            The OSD of the directory must not run.

              --op list-pgs                         the groups in the store
              --op list [NAME] [--pgid PG] [--namespace NS] [--head]
              --op list-slow-omap [NAME] [--slow-omap-threshold SECONDS]
              --pgid PG --op info|log               what the group's member knows, as JSON
              --pgid PG --op export|export-remove [--file FILE]
              --op import [--pgid PG] [--file FILE] [--force]
              --op dump-export --file FILE          an exported group as JSON; needs no store
              --pgid PG --op remove --force
              --pgid PG --op mark-complete|trim-pg-log|trim-pg-log-dups
              --op fsck|fsck-deep|repair|repair-deep
              --op fix-lost [--pgid PG]
              --op meta-list|dump-super|statfs
              --op get-osdmap|get-inc-osdmap [--epoch E] [--file FILE]
              --op set-osdmap|set-inc-osdmap [--epoch E] [--file FILE] [--force]
              --op get-superblock|set-superblock [--file FILE]

              OBJECT get-bytes|set-bytes [FILE]
              OBJECT get-attr|rm-attr KEY           OBJECT set-attr KEY [FILE]
              OBJECT get-omap|rm-omap KEY           OBJECT set-omap KEY [FILE]
              OBJECT list-attrs|list-omap|get-omaphdr|dump|clear-data-digest
              OBJECT set-omaphdr [FILE]             OBJECT set-size BYTES
              OBJECT remove|removeall

            OBJECT is a line of --op list, a name that is searched for (in --pgid alone if it is
            given), or '' with --pgid for the group's own object. Without FILE, or with "-",
            standard input or output is used. Export files are Ceph's.
            """;

    static final String BLUESTORE =
            """
            usage: ceph-bluestore-tool fsck|repair|quick-fix|show-label --path DIR [--deep [1|0]]

            The OSD of the directory must not run, except for show-label.

              fsck         names what is wrong; with --deep all data are read, too
              repair       mends what can be mended without other copies
              quick-fix    the same
              show-label   whose store this is, as JSON; --dev DIR/block names it as well
            """;

    private Usage() {}
}
