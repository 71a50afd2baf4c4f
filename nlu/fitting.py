"""Makes a model of examples, by Rasa's graph, without Rasa's importers and caches.

Those read, merge, copy and hash all examples a dozen times, which would be a third of the training.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from dataset import Example
from rasa.engine.constants import PLACEHOLDER_IMPORTER
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.recipe import Recipe
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.validation import validate
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.data import TrainingType
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.entities_parser import parse_training_example
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_model_configuration
from runner import StraightRunner


def fit(
    folder: Path, examples: Sequence[Example], lists: List[Dict[str, object]], work: Path
) -> Path:
    """The archive of a model for the configuration and domain in `folder`, made inside `work`.

    `lists` are the look-ups and synonyms, in Rasa's form. Raises whatever Rasa finds wrong.
    """
    config = read_model_configuration(folder / "config.yml")
    recipe = Recipe.recipe_for_name(config.get("recipe"))
    configuration = recipe.graph_config_for_recipe(config, {}, TrainingType.NLU)
    validate(configuration)

    importer = ReadOnce(Domain.load(folder / "domain.yml"), config, _data(examples, lists))
    components = work / "components"
    components.mkdir()
    storage = LocalModelStorage(components)
    schema = configuration.train_schema
    runner = StraightRunner.create(schema, storage, ExecutionContext(schema))
    runner.run({PLACEHOLDER_IMPORTER: importer})
    archive = work / "model.tar.gz"
    storage.create_model_package(archive, configuration, importer.get_domain())
    return archive


class ReadOnce(TrainingDataImporter):
    """Gives Rasa's graph what has been read already. There are no stories."""

    def __init__(self, domain: Domain, config: Dict[str, Any], data: TrainingData) -> None:
        self._domain = domain
        self._config = config
        self._data = data

    def get_domain(self) -> Domain:
        return self._domain

    def get_stories(self, exclusion_percentage: Optional[int] = None) -> StoryGraph:
        return StoryGraph([])

    def get_config(self) -> Dict[str, Any]:
        return self._config

    def get_config_file_for_auto_config(self) -> Optional[str]:
        """None: Rasa must not write its defaults into our configuration."""
        return None

    def get_nlu_data(self, language: Optional[str] = "en") -> TrainingData:
        return self._data


def _data(examples: Sequence[Example], lists: List[Dict[str, object]]) -> TrainingData:
    data = RasaYAMLReader().reads(json.dumps({"version": "3.1", "nlu": lists}))  # JSON is YAML, too
    # What several languages share stands there once. To leave that to Rasa takes a hash of each.
    different = dict.fromkeys((example.text, example.intent) for example in examples)
    data.training_examples = [parse_training_example(*example) for example in different]
    return data
