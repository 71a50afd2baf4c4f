"""A second opinion on everything that goes over the wire: aiogram's generated models."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import aiogram.methods
from aiogram.methods import Response, TelegramMethod
from aiogram.types import Update
from pydantic import BaseModel, TypeAdapter, ValidationError

METHODS: dict[str, type[TelegramMethod[Any]]] = {
    method.__api_method__.lower(): method
    for method in vars(aiogram.methods).values()
    if isinstance(method, type)
    and issubclass(method, TelegramMethod)
    and method is not TelegramMethod
}

_DEPRECATED = {"disable_web_page_preview", "allow_sending_without_reply", "reply_to_message_id"}


def decode(method: type[TelegramMethod[Any]], params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters, with those that came as JSON inside a form or an address decoded."""
    decoded = dict(params)
    for name, value in params.items():
        field = method.model_fields.get(name)
        if isinstance(value, str) and field is not None and value[:1] in ("[", "{"):
            if field.annotation in (str, str | None):
                continue
            try:
                decoded[name] = json.loads(value)
            except ValueError:
                continue
    return decoded


def faults_of_request(method: type[TelegramMethod[Any]], params: Mapping[str, Any]) -> list[str]:
    """What is wrong with a request, without its contents."""
    return _faults(method, params, method.__api_method__) + [
        f"{method.__api_method__}: {name} is deprecated" for name in params if name in _DEPRECATED
    ]


def faults_of_answer(method: type[TelegramMethod[Any]], answer: Mapping[str, Any]) -> list[str]:
    """What is wrong with an answer of the stub."""
    response: Any = Response
    return _faults(response[method.__returning__], answer, f"answer to {method.__api_method__}")


def faults_of_update(update: Mapping[str, Any]) -> list[str]:
    """What is wrong with an update."""
    return _faults(Update, update, "update")


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def _faults(model: Any, value: Any, where: str) -> list[str]:
    try:
        parsed = _adapter(model).validate_python(value)
    except ValidationError as error:
        return [
            f"{where}: {'.'.join(str(part) for part in one['loc'])}: {one['type']}"
            for one in error.errors(include_input=False, include_context=False)
        ]
    return [f"{where}: {path}: no such field" for path in _unknown(parsed, "")]


def _unknown(value: Any, path: str) -> Iterator[str]:
    """The paths of fields that the model does not have; the models themselves let them pass."""
    match value:
        case BaseModel():
            for name in value.model_extra or {}:
                yield f"{path}.{name}"
            for name in value.model_fields_set & set(type(value).model_fields):
                yield from _unknown(getattr(value, name), f"{path}.{name}")
        case list() | tuple():
            for index, item in enumerate(value):
                yield from _unknown(item, f"{path}[{index}]")
