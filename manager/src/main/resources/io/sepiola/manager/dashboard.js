"use strict";

const REFRESH_MILLIS = 2000;

const at = (id) => document.getElementById(id);

function size(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return (value >= 100 || unit === 0 ? value.toFixed(0) : value.toFixed(1)) + " " + units[unit];
}

function fill(id, rows, cells, numbers) {
  at(id).replaceChildren(...rows.map((row) => {
    const line = document.createElement("tr");
    cells(row).forEach((text, index) => {
      const cell = document.createElement("td");
      cell.textContent = text;
      if (index >= numbers) {
        cell.className = "n";
      }
      line.append(cell);
    });
    return line;
  }));
}

function items(id, texts) {
  at(id).replaceChildren(...texts.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  }));
}

function show(status) {
  const monitors = status.monitors;
  const health = monitors.health.status;
  at("health").textContent = health;
  at("health").className = "badge " +
    ({ HEALTH_OK: "good", HEALTH_WARN: "warn" }[health] || "bad");
  at("fsid").textContent = monitors.fsid;
  const checks = Object.entries(monitors.health.checks);
  at("checks-section").hidden = checks.length === 0;
  items("checks", checks.map(([code, check]) => check.summary.message + " (" + code + ")"));
  const pg = monitors.pgmap;
  const total = pg.bytes_total || 0;
  const used = pg.bytes_used || 0;
  at("usage").textContent = size(used) + " of " + size(total) + " used, " +
    size(pg.bytes_avail || 0) + " available; " + (pg.num_objects || 0) + " objects, " +
    size(pg.data_bytes || 0) + " of data";
  at("usage-bar").style.width = total === 0 ? "0" : (100 * used / total).toFixed(2) + "%";
  const load = status.load || { readBytes: 0, writeBytes: 0, reads: 0, writes: 0 };
  at("load").textContent = "reading " + size(load.readBytes) + "/s in " + load.reads +
    " operations, writing " + size(load.writeBytes) + "/s in " + load.writes;
  const quorum = monitors.quorum_names || [];
  at("daemons").textContent = quorum.length + " of " + monitors.monmap.num_mons +
    " monitors in quorum (" + quorum.map((name) => "mon." + name).join(", ") + "), manager " +
    (monitors.mgrmap.available ? "active" : "missing") + ", " + monitors.osdmap.num_up_osds +
    " of " + monitors.osdmap.num_osds + " OSDs up, " + monitors.osdmap.num_in_osds + " in";
  fill("osds", status.osds || [], (osd) => [
    "osd." + osd.id, osd.host, osd.class, (osd.up ? "up" : "down") + (osd.in ? ", in" : ", out"),
    size(osd.used), size(osd.bytes), osd.groups, osd.commitMillis + " ms"], 4);
  fill("pools", status.pools || [], (pool) => [
    pool.name, pool.type + " " + pool.size, pool.applications, pool.groups, pool.objects,
    size(pool.bytes), size(pool.used)], 3);
  items("groups", (status.groups || []).map((group) => group.count + " " + group.state));
  at("time").textContent = "as of " + new Date(status.time).toLocaleTimeString();
}

async function refresh() {
  try {
    const answer = await fetch("/api/status", { cache: "no-store" });
    if (!answer.ok) {
      throw new Error(await answer.text());
    }
    show(await answer.json());
  } catch (failure) {
    at("health").textContent = "no answer: " + failure.message;
    at("health").className = "badge bad";
  }
  setTimeout(refresh, REFRESH_MILLIS);
}

refresh();
