"""What scripts/bench latency found, as text, as a section of the README and as one HTML page that
needs nothing else."""

import html
import math
import re

COLOURS = ["#2a6f97", "#52a675", "#e09f3e", "#c8553d", "#6d597a", "#8d99ae", "#1d3557", "#bc6c25"]
# The point that verdict, floors and comparisons are about.
MAIN_SHARE = 0.7
QUANTILES = [("P50", "p50_us"), ("P90", "p90_us"), ("P99", "p99_us"), ("P99.9", "p999_us"),
             ("max", "max_us")]


def milliseconds(micros):
    return "-" if micros is None else f"{micros / 1000:.2f}"


def main_point(points):
    return min(points, key=lambda point: abs(point["share"] - MAIN_SHARE))


def cpu_us(run):
    """Processor time per request of all processes of the service."""
    return sum(process["cpu_us"] for process in run["processes"])


def disturbance_mark(point):
    """Where every try of the point was disturbed."""
    return " *" if point["disturbance"] > 1 else ""


def stalled_ms(point):
    """How long the machine stood still, and for how long at most."""
    mark = disturbance_mark(point)
    if "stalls" not in point:
        return "-" + mark
    return f"{point['stalls']['total_ms']:.0f} ({point['stalls']['longest_ms']:.0f}){mark}"


def point_line(point):
    valid = "" if point["valid"] else f"  INVALID: {point.get('why_invalid')}"
    quantiles = "  ".join(f"{name} {milliseconds(point.get(key))}" for name, key in QUANTILES)
    return (f"  {point['share']:4.0%} {point['rate']:8,.0f}/s  {quantiles} ms"
            f"  errors {point['errors']}  stalled {stalled_ms(point)} ms{valid}")


def summary(result):
    """(name, value) of what holds for the whole run."""
    details = result["details"]
    rows = [("machine", result["machine"]), ("commit", result["commit"]), ("date", details["date"])]
    if result["items"]:
        rows += [("catalog", f"{result['items']:,} items x {result['dim']}"),
                 ("candidates ranked", f"{result['candidates']:.0f}"),
                 ("recall", f"{result['recall']:.4f} of the exact answer, over "
                            f"{details['compute']['recall_queries']} of the requests sent"
                            if result["recall"] is not None else "not measured")]
    # The rates of the points are shares of the latter.
    later = [point["saturation_rps"] for point in details["scenarios"][0]["points"]]
    rows.append(("saturation", f"{result['saturation_rps']:,.0f} requests/s, {min(later):,.0f} to "
                               f"{max(later):,.0f} right before the points"))
    if result["items"]:
        traffic = details["compute"]["traffic_kib"]
        rows.append(("read of the bundle per request", f"{traffic:,.0f} KiB by both stages, "
                     f"{traffic * result['saturation_rps'] / 2**20:.2f} GiB/s at saturation"))
    if result["floors"]:
        floors, echo = result["floors"], details["echo"]
        rows += [("echo saturation", f"{echo['echo_saturation_rps']:,.0f} requests/s, "
                  f"{echo['echo_saturation_rps'] / result['saturation_rps']:.1f} times as many"),
                 ("processor time per request", f"{result['service_cpu_us']:.0f} us = "
                  f"{result['overhead']:.2f} x (RPC floor {floors['rpc_cpu_us']:.0f} us + "
                  f"compute floor {floors['compute_cpu_us']:.0f} us) at {echo['share']:.0%}; "
                  f"{echo['saturated']['service_cpu_us']:.0f} us = "
                  f"{echo['saturated']['overhead']:.2f} x ({echo['saturated']['rpc_cpu_us']:.0f} us "
                  f"+ {floors['compute_cpu_us']:.0f} us) saturated")]
    return rows


def text(result):
    lines = [f"{name}: {value}" for name, value in summary(result)]
    for sweep in result["details"]["scenarios"]:
        lines += ["", f"{sweep['name']}: {sweep['about']}; saturated at "
                      f"{sweep['saturated']['achieved']:,.0f} requests/s"]
        lines += [point_line(point) for point in sweep["points"]]
    return "\n".join(lines)


def markdown(result):
    lines = [f"`scripts/bench latency {result['details']['command']}`".replace(" `", "`") + ":", ""]
    lines += [f"- {name}: {value}" for name, value in summary(result)]
    lines += ["", "| scenario | of saturation | requests/s | P50 ms | P90 ms | P99 ms | P99.9 ms | "
                  "max ms | failed | CPU us | stalled ms |", "| --- |" + " ---: |" * 10]
    for sweep in result["details"]["scenarios"]:
        for point in sweep["points"]:
            cells = [sweep["name"], f"{point['share']:.0%}", f"{point['rate']:,.0f}"]
            cells += [milliseconds(point.get(key)) for _, key in QUANTILES]
            cells += [str(point["errors"]), f"{cpu_us(point):.0f}" if "processes" in point else "-",
                      stalled_ms(point)]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def split_at_section(path, name):
    """What stands before and after the marks of that name in a Markdown file, with the marks."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    before, found_begin, rest = path.read_text(encoding="utf-8").partition(begin)
    _, found_end, after = rest.partition(end)
    if not found_begin or not found_end:
        raise ValueError(f"{path} has no section between {begin} and {end}")
    return before + begin, end + after


def rewrite_section(path, name, content):
    """Replaces what stands between the two marks of that name in a Markdown file."""
    before, after = split_at_section(path, name)
    path.write_text(f"{before}\n{content}\n{after}", encoding="utf-8")


class Chart:
    """Lines or stacked bars as SVG."""
    WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 300, 60, 40, 10

    def __init__(self, x_label, y_label, x_range, y_range, log_y=False):
        self.x_range, self.y_range, self.log_y = x_range, y_range, log_y
        self.parts = []
        self.text(self.WIDTH / 2, self.HEIGHT - 4, x_label, "middle")
        self.text(4, self.TOP + 8, y_label, "start")
        self.legend = []

    def x(self, value):
        low, high = self.x_range
        return self.LEFT + (value - low) / ((high - low) or 1) * (self.WIDTH - self.LEFT - 10)

    def y(self, value):
        low, high = self.y_range
        if self.log_y:
            value, low, high = (math.log10(max(v, 1e-9)) for v in (value, low, high))
        share = (value - low) / ((high - low) or 1)
        return self.HEIGHT - self.BOTTOM - share * (self.HEIGHT - self.BOTTOM - self.TOP - 16)

    def text(self, x, y, content, anchor):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
                          f'{html.escape(str(content))}</text>')

    def line(self, x1, y1, x2, y2, colour, width=1):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
                          f'stroke="{colour}" stroke-width="{width}"/>')

    def ticks(self, xs, ys):
        for value, label in xs:
            self.text(self.x(value), self.HEIGHT - self.BOTTOM + 14, label, "middle")
        for value, label in ys:
            self.line(self.LEFT, self.y(value), self.WIDTH - 10, self.y(value), "#ddd")
            self.text(self.LEFT - 6, self.y(value) + 4, label, "end")

    def series(self, name, points, intervals=()):
        colour = COLOURS[len(self.legend) % len(COLOURS)]
        path = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" '
                          'stroke-width="2"/>')
        for x, low, high in intervals:
            self.line(self.x(x), self.y(low), self.x(x), self.y(high), colour, 4)
        self.legend.append((name, colour))

    def svg(self):
        legend = "".join(f'<tspan dx="12" fill="{colour}">&#9632; {html.escape(name)}</tspan>'
                         for name, colour in self.legend)
        return (f'<svg viewBox="0 0 {self.WIDTH} {self.HEIGHT}">{"".join(self.parts)}'
                f'<text x="{self.LEFT + 30}" y="{self.TOP + 8}">{legend}</text></svg>')


def decades(low, high):
    """Ticks of a logarithmic axis of milliseconds, from ranges in milliseconds."""
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [10.0 ** e * m for e in exponents for m in (1, 2, 5)]
    return [(tick, f"{tick:g}") for tick in ticks if low <= tick <= high]


def latency_chart(points):
    points = [point for point in points if "p50_us" in point]
    low = min(point["p50_us"] for point in points) / 1000 * 0.7
    high = max(point["intervals"]["p999_us"][1] for point in points) / 1000 * 1.3
    rates = [point["rate"] for point in points]
    chart = Chart("requests per second (bars: 95 % intervals)", "ms", (0, max(rates)), (low, high),
                  log_y=True)
    chart.ticks([(rate, f"{rate:,.0f}") for rate in rates], decades(low, high))
    for name, key in QUANTILES[:-1]:
        chart.series(name, [(p["rate"], p[key] / 1000) for p in points],
                     [(p["rate"], *(v / 1000 for v in p["intervals"][key])) for p in points])
    return chart.svg()


def cdf_chart(points):
    points = [point for point in points if "cdf" in point]
    low = min(point["cdf"][0][1] for point in points) / 1000 or 0.01
    high = max(point["max_us"] for point in points) / 1000
    nines = 5
    chart = Chart("share of requests answered within", "ms", (0, nines), (low, high), log_y=True)
    shares = [(0, "0"), (1, "90 %"), (2, "99 %"), (3, "99.9 %"), (4, "99.99 %"), (5, "99.999 %")]
    chart.ticks(shares, decades(low, high))
    for point in points:
        line = [(min(nines, -math.log10(1 - share)) if share < 1 else None, latency / 1000)
                for share, latency in point["cdf"]]
        chart.series(f"{point['share']:.0%}", [(x, y) for x, y in line if x is not None])
    return chart.svg()


def course_chart(point):
    slices = [slice_ for slice_ in point["course"] if slice_["max_us"] > 0]
    low = min(slice_["p50_us"] for slice_ in slices) / 1000
    high = max(slice_["max_us"] for slice_ in slices) / 1000
    end = point["course"][-1]["at"]
    chart = Chart("seconds (slices of 0.1 s)", "ms", (0, end), (low, high), log_y=True)
    chart.ticks([(end * i / 5, f"{end * i / 5:.1f}") for i in range(6)], decades(low, high))
    chart.series("max", [(s["at"], s["max_us"] / 1000) for s in slices])
    chart.series("P50", [(s["at"], s["p50_us"] / 1000) for s in slices])
    return chart.svg()


def waterfall(point):
    """Where the time of the median and of the P99 request goes, as bars and numbers."""
    rows = []
    for which, parts in point["waterfall"].items():
        total = sum(max(0, value) for _, value in parts) or 1
        bars = "".join(
            f'<span class="bar" style="width:{100 * max(0, value) / total:.2f}%;'
            f'background:{COLOURS[i % len(COLOURS)]}" title="{html.escape(name)}"></span>'
            for i, (name, value) in enumerate(parts))
        rows.append(f"<p>{which.upper()}: {total:,.0f} &micro;s</p><div class=bars>{bars}</div>")
    names = [name for name, _ in point["waterfall"]["p50"]]
    table_rows = [[f'<span style="color:{COLOURS[i % len(COLOURS)]}">&#9632;</span> '
                   + html.escape(name),
                   *(f"{parts[i][1]:,.0f}" for parts in point["waterfall"].values())]
                  for i, name in enumerate(names)]
    return "".join(rows) + table(["&micro;s, mean", "about P50", "about P99"], table_rows)


def table(head, rows):
    def line(tag, cells):
        return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"
    return ("<table>" + line("th", head) + "".join(line("td", row) for row in rows) + "</table>")


def points_table(sweep):
    rows = []
    for point in sweep["points"]:
        quantiles = []
        for _, key in QUANTILES[:-1]:
            if key in point:
                low, high = point["intervals"][key]
                quantiles.append(f"{milliseconds(point[key])}<br><small>{milliseconds(low)}&ndash;"
                                 f"{milliseconds(high)}</small>")
            else:
                quantiles.append("-")
        processes = "<br>".join(
            f"{p['name']}: {p['cpu_us']:.0f} &micro;s, {p['resident_mib']:,.0f} MiB"
            for p in point.get("processes", []))
        lag = point.get("lag", {})
        own = f"{point['generator_cpu_us']:.0f} &micro;s; " if "generator_cpu_us" in point else ""
        rows.append([f"{point['share']:.0%}", f"{point['rate']:,.0f}", *quantiles,
                     milliseconds(point.get("max_us")), point["errors"], stalled_ms(point),
                     f"{point.get('candidates', 0):.0f}", processes,
                     f"{own}late P99 {lag.get('p99_us', 0):.0f} &micro;s",
                     "yes" if point["valid"] else html.escape(point.get("why_invalid", "no"))])
    return table(["of saturation", "requests/s", "P50 ms", "P90 ms", "P99 ms", "P99.9 ms", "max ms",
                  "failed", "stalled ms", "candidates", "processor time a request, memory", "generator", "valid"],
                 rows)


def stages_table(point):
    return table(["stage, &micro;s", "mean", "P50", "P99"],
                 [[name, f"{s['mean_us']:,.0f}", s["p50_us"], s["p99_us"]]
                  for name, s in point.get("stages", {}).items()])


CURVES = [("service, saturated", "service_cpu_us"), ("both stages", "compute_cpu_us"),
          ("candidates", "candidates_us"), ("ranking", "ranking_us")]


def fitted_line(points, x, y):
    """Least squares: (intercept, slope, largest deviation as a share of the value)."""
    count = len(points)
    mean_x, mean_y = (sum(p[key] for p in points) / count for key in (x, y))
    slope = (sum((p[x] - mean_x) * (p[y] - mean_y) for p in points) /
             sum((p[x] - mean_x) ** 2 for p in points))
    intercept = mean_y - slope * mean_x
    return intercept, slope, max(abs(intercept + slope * p[x] - p[y]) / p[y] for p in points)


def curves_tables(curves):
    """(head, rows) by size of the catalog and by number of candidates."""
    sizes, counts = curves["items"], curves["candidates"]
    first = sizes[0]

    def growth(point, key):
        of_log = math.log(point["items"]) / math.log(first["items"])
        return f"{point[key] / first[key]:.2f} ({of_log:.2f})"

    def latency(point):
        if not point["valid"]:
            return "not measured"
        interval = "-".join(milliseconds(v) for v in point["p99_interval_us"])
        return f"{milliseconds(point['p99_us'])} ({interval})" + disturbance_mark(point)

    by_size = [[f"{p['items']:,}", f"{p['recall']:.4f}", f"{p['candidates_us']:.0f}",
                f"{p['ranking_us']:.0f}", f"{p['service_cpu_us']:.0f}",
                growth(p, "service_cpu_us"), f"{p['saturation_rps']:,.0f}",
                latency(p), f"{p['resident_mib']:,.0f}"] for p in sizes]
    by_count = [[f"{p['candidates']:,}", f"{p['candidates_us']:.0f}", f"{p['ranking_us']:.0f}",
                 f"{p['service_cpu_us']:.0f}", f"{p['saturation_rps']:,.0f}"] for p in counts]
    return [(["items", "recall", "candidates us", "ranking us", "service us",
              "times the first (its logarithm)", "requests/s", "P99 ms at 70 % (interval)", "MiB"],
             by_size),
            (["candidates", "candidates us", "ranking us", "service us", "requests/s"], by_count)]


def curves_summary(curves):
    intercept, slope, deviation = fitted_line(curves["candidates"], "candidates", "service_cpu_us")
    return [("machine", curves["machine"]), ("commit", curves["commit"]), ("date", curves["date"]),
            ("rounds", f"{curves['rounds']} in turns, of which these are medians"),
            ("by number of candidates", f"{intercept:.0f} us + {slope:.3f} us a candidate, within "
             f"{deviation:.0%} of every point")]


def curves_text(curves):
    lines = [f"{name}: {value}" for name, value in curves_summary(curves)]
    for head, rows in curves_tables(curves):
        lines += ["", "  ".join(head), *("  ".join(row) for row in rows)]
    return "\n".join(lines)


def curves_markdown(curves):
    lines = [f"`scripts/bench latency {curves['command']}`:", ""]
    lines += [f"- {name}: {value}" for name, value in curves_summary(curves)]
    for head, rows in curves_tables(curves):
        lines += ["", "| " + " | ".join(head) + " |", "|" + " ---: |" * len(head)]
        lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def cost_chart(points, x_label, x_key, x_of):
    xs = [x_of(point[x_key]) for point in points]
    most = max(point[key] for point in points for _, key in CURVES)
    step = 10 ** math.floor(math.log10(most))
    chart = Chart(x_label, "us of processor time a request", (min(xs), max(xs)), (0, 1.1 * most))
    chart.ticks([(x, f"{point[x_key]:,}") for x, point in zip(xs, points)],
                [(step * i, f"{step * i:g}") for i in range(int(most / step) + 1)])
    for name, key in CURVES:
        chart.series(name, [(x, point[key]) for x, point in zip(xs, points)])
    return chart.svg()


def curves_page(curves):
    by_size, by_count = curves_tables(curves)
    return ("<!doctype html><html lang=en><meta charset=utf-8><title>What a request costs</title>"
            f"<style>{STYLE}</style><h1>What a request costs</h1>"
            + table(["", ""], [[html.escape(name), html.escape(value)]
                               for name, value in curves_summary(curves)])
            + "<h2>By size of the catalog (logarithmic)</h2>"
            + cost_chart(curves["items"], "items", "items", math.log) + table(*by_size)
            + "<h2>By number of candidates</h2>"
            + cost_chart(curves["candidates"], "candidates", "candidates", float)
            + table(*by_count) + "</html>\n")


STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2em auto;padding:0 1em}
table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #ccc;padding:.2em .6em;
text-align:right}td:first-child,th:first-child{text-align:left}svg{max-width:720px;width:100%;
font-size:11px}small{color:#777}.bars{display:flex;height:28px;max-width:720px}.bar{display:block}
.verdict{font-size:1.2em;font-weight:bold}"""


def page(result):
    parts = [f"<!doctype html><html lang=en><meta charset=utf-8><title>Latency</title>"
             f"<style>{STYLE}</style><h1>Latency</h1>"
             f"<p class=verdict>{html.escape(result['details']['verdict'])}</p>",
             table(["", ""], [[html.escape(name), html.escape(value)]
                              for name, value in summary(result)])]
    for sweep in result["details"]["scenarios"]:
        point = main_point(sweep["points"])
        parts.append(f"<h2>{html.escape(sweep['name'])}</h2><p>{html.escape(sweep['about'])}. "
                     f"Saturated at {sweep['saturated']['achieved']:,.0f} requests/s.</p>")
        parts.append(points_table(sweep))
        if "p50_us" not in point:
            continue
        if len(sweep["points"]) > 1:
            parts.append("<h3>Latency against rate</h3>" + latency_chart(sweep["points"]))
        parts.append("<h3>Distribution of latencies</h3>" + cdf_chart(sweep["points"]))
        parts.append(f"<h3>Where the time goes, at {point['share']:.0%} of saturation</h3>"
                     + waterfall(point) + stages_table(point))
        parts.append("<h3>Course over time</h3>" + course_chart(point))
    return re.sub(r">\s+<", "><", "".join(parts)) + "</html>\n"
