"""Runs a loaded model's graph without planning the way through it anew for every text."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any, Dict, List, Optional, Tuple

from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class StraightRunner(GraphRunner):
    """Calls one node after the other, in an order that is found once for each set of targets.

    The answers are those of Rasa's DaskGraphRunner, which spends up to a millisecond on the order
    of every run, and puts the text into a line for the log.
    """

    def __init__(self, schema: GraphSchema, nodes: Dict[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._orders: Dict[Tuple[str, ...], List[str]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: Optional[List[GraphNodeHook]] = None,
    ) -> StraightRunner:
        """The runner, with every node instantiated."""
        nodes = {
            name: GraphNode.from_schema_node(name, node, model_storage, execution_context, hooks)
            for name, node in graph_schema.nodes.items()
        }
        return cls(graph_schema, nodes)

    def run(
        self, inputs: Optional[Dict[str, Any]] = None, targets: Optional[List[str]] = None
    ) -> Dict[str, Any]:
        """What each of `targets` gives for `inputs`. Raises GraphRunError where one is missing."""
        wanted = tuple(targets or self._schema.target_names)
        if wanted not in self._orders:
            self._orders[wanted] = self._order(wanted)
        known = dict(inputs or {})
        for name in self._orders[wanted]:
            needs = self._schema.nodes[name].needs.values()
            given = [(need, known[need]) for need in needs if need in known]
            known[name] = self._nodes[name](*given)[1]
        return {name: known[name] for name in wanted}

    def _order(self, targets: Tuple[str, ...]) -> List[str]:
        nodes = self._schema.minimal_graph_schema(list(targets)).nodes
        needs = {name: set(node.needs.values()) for name, node in nodes.items()}
        return [name for name in TopologicalSorter(needs).static_order() if name in nodes]
