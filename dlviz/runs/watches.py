"""What all viewers of one run want to see, merged into one Watch. Knows no run and no clock of its own."""
from __future__ import annotations

from dataclasses import dataclass, field

from dlviz.probes import patterns
from dlviz.training.control import Watch

EXPIRES = 3.0  # seconds after a viewer's last word: a closed tab costs nothing


@dataclass
class WatchUnion:
    """The live viewers' wishes. Times are seconds of any steady clock."""

    union: Watch = Watch()  # what the run's process was last told
    _by_viewer: dict[str, tuple[Watch, float]] = field(default_factory=dict)
    _sample: int = 0

    def update(self, viewer: str, watch: Watch, now: float) -> bool:
        """Note a viewer's wish; True when the union has changed."""
        before = self._by_viewer.get(viewer)
        if watch.needs_sample and (before is None or before[0].sample != watch.sample):
            self._sample = watch.sample  # the most recent choice, not the most recent call
        self._by_viewer[viewer] = (watch, now)
        return self.expire(now)

    def expire(self, now: float) -> bool:
        """Forget viewers that have not spoken for a while; True when the union has changed."""
        self._by_viewer = {viewer: entry for viewer, entry in self._by_viewer.items()
                           if now - entry[1] <= EXPIRES}
        union = self._merge([watch for watch, _ in self._by_viewer.values() if watch.active])
        changed, self.union = union != self.union, union
        return changed

    def _merge(self, watches: list[Watch]) -> Watch:
        if not watches:
            return Watch()
        outputs = sorted({name for watch in watches for name in watch.outputs})
        weights = sorted({name for watch in watches for name in watch.weights})
        parameters = sorted({name for watch in watches for name in watch.parameters})
        flow = sorted({name for watch in watches for name in watch.flow})
        return Watch(self._sample, tuple(outputs), tuple(weights), min(watch.every for watch in watches),
                     any(watch.health for watch in watches), any(watch.plane for watch in watches), tuple(parameters),
                     any(watch.game for watch in watches), patterns.merged(watch.patterns for watch in watches),
                     tuple(flow))
