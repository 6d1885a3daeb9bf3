"""The report of scripts/bench latency: every scenario, recall, and the floors below the service's
processor time."""

import time

import latency_report
from latency_origin import commit, machine, measuring_options
from latency_processes import Server, Service, say
from latency_report import cpu_us
from latency_sweep import LatencySweep


class LatencyMeasurement:
    def __init__(self, options, catalog, tool, scenarios):
        self.options = options
        self.catalog = catalog
        self.tool = tool
        self.scenarios = scenarios

    def measure(self):
        """The report as in the documentation: the first scenario's figures, all the rest under
        details."""
        options = self.options
        sweeps = []
        result = {"machine": machine(), "commit": commit(), "items": None, "dim": None}
        compute = {}
        floors = {}
        for scenario in self.scenarios:
            service = None
            if not options.target:
                service = Service(self.catalog.program, self.catalog.models, scenario["split"])
            try:
                sweeps.append(LatencySweep(options, self.tool).measure(
                    scenario, service, options.target or service.front.address))
            finally:
                if service:
                    service.close()
            if len(sweeps) == 1 and self.catalog.models:
                say("both stages in one process, and recall")
                compute = self.tool.compute(scenario)
            # A service that is restarted has no processor time that could be compared.
            if len(sweeps) == 1 and "processes" in latency_report.main_point(sweeps[0]["points"]):
                say("echo: the same load on a gRPC server that only answers")
                floors = self.floors(scenario, sweeps[0], compute)
        first = sweeps[0]
        keys = ["share", "rate", "p50_us", "p90_us", "p99_us", "p999_us", "max_us", "errors"]
        result.update({
            "items": compute.get("items"), "dim": compute.get("dim"),
            "candidates": first["saturated"]["candidates"], "recall": compute.get("recall"),
            "saturation_rps": first["saturated"]["achieved"],
            "points": [{key: point.get(key) for key in keys} for point in first["points"]],
            "floors": floors.get("floors"), "service_cpu_us": floors.get("service_cpu_us"),
            "overhead": floors.get("overhead"),
            "details": {"date": time.strftime("%Y-%m-%d"), "compute": compute, "echo": floors,
                        "scenarios": sweeps, "command": measuring_options()}})
        return result

    def floors(self, scenario, sweep, compute):
        main = latency_report.main_point(sweep["points"])
        echo = Server([self.tool.program, "echo", "--bytes",
                       round(sweep["saturated"]["response_bytes"])])
        try:
            at_rate = self.tool.load(echo.address, scenario, {"echo": echo}, self.options.seconds,
                                     "--rate", main["rate"])
            saturated = self.tool.saturate(echo.address, scenario, {"echo": echo})
        finally:
            echo.stop()
        rpc, service = cpu_us(at_rate), cpu_us(main)
        saturated_rpc, saturated_service = cpu_us(saturated), cpu_us(sweep["saturated"])
        least = compute["compute_cpu_us"]
        return {"share": main["share"], "floors": {"rpc_cpu_us": rpc, "compute_cpu_us": least},
                "service_cpu_us": service, "overhead": service / (rpc + least),
                "echo_saturation_rps": saturated["achieved"],
                "echo_p50_us": at_rate["p50_us"], "echo_p99_us": at_rate["p99_us"],
                # What an idle processor costs to wake is not in these.
                "saturated": {"rpc_cpu_us": saturated_rpc, "service_cpu_us": saturated_service,
                              "overhead": saturated_service / (saturated_rpc + least)}}
