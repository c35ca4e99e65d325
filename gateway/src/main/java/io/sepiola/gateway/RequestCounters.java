package io.sepiola.gateway;

import io.sepiola.gateway.http.HttpHandler;
import io.sepiola.gateway.http.HttpRefusal;
import io.sepiola.gateway.http.HttpRequest;
import io.sepiola.gateway.http.HttpResponse;
import io.sepiola.protocol.osd.PerfCounterType;
import io.sepiola.protocol.perf.PerfCounters;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Counts what another answers, under Ceph's names: requests, those that were refused or cut off,
 * and those under way. May be shared.
 */
final class RequestCounters implements HttpHandler {
    private static final int USEFUL = 5;
    private static final int NO_UNIT = 1;
    private static final int REFUSED = 400; // and above

    private final HttpHandler answering;
    private final LongAdder requests = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicLong active = new AtomicLong();
    private final PerfCounters shown = new PerfCounters();

    RequestCounters(HttpHandler answering) {
        this.answering = answering;
        int rising = PerfCounters.NUMBER | PerfCounters.RISING;
        add("req", "Requests", rising, requests::sum);
        add("failed_req", "Requests that were refused or cut off", rising, failed::sum);
        add("qactive", "Requests under way", PerfCounters.NUMBER, active::get);
    }

    private void add(String name, String text, int kind, LongSupplier value) {
        PerfCounterType type = new PerfCounterType("rgw." + name, text, "", kind, USEFUL, NO_UNIT);
        shown.add(PerfCounters.Counter.of(type, value));
    }

    @Override
    public void handle(HttpRequest request, HttpResponse response) {
        requests.increment();
        active.incrementAndGet();
        boolean answered = false;
        try {
            answering.handle(request, response);
            answered = response.status() < REFUSED && response.isComplete();
        } finally {
            active.decrementAndGet();
            if (!answered) {
                failed.increment();
            }
        }
    }

    @Override
    public void refuse(HttpRefusal refusal, HttpResponse response) {
        requests.increment();
        failed.increment();
        answering.refuse(refusal, response);
    }

    /** As they are shown; owned by whoever shows them. */
    PerfCounters shown() {
        return shown;
    }
}
