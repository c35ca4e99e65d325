package io.sepiola.monitor;

import java.time.Duration;

final class MemoryLogTest extends ReplicatedLogContract {
    private final MemoryLog.Disk disk = new MemoryLog.Disk();

    @Override
    ReplicatedLog open() {
        return new MemoryLog(disk, owner, Duration.ofMillis(1));
    }
}
