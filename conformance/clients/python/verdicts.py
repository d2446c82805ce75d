"""One line for each check: its name and, if it failed, why."""
import json
import traceback

PATIENCE = 15

TITLES = ['German Championship', 'DFB Cup', 'Champions League']
DRINKS = {'Brunello': 13.5, 'Beer': 4.9, 'Lagavulin Cask Strength': 56.2}
FAILED = "An unexpected error occurred invoking 'ThrowException' on the server. InvalidOperationException: An error occurred."
STREAM_FAILED = FAILED.replace('ThrowException', 'StreamThrowException')


def say(name, error=''):
    print('verdict ' + json.dumps({'name': name, 'error': error}), flush=True)


def failed(name):
    say(name, traceback.format_exc())


def equal(found, expected):
    assert found == expected, f'{found!r} instead of {expected!r}'


def drinks(found):
    for drink in found:
        assert abs(DRINKS[drink['drink']] - drink['strength']) < 1e-4, repr(found)
    equal(len(found), len(DRINKS))
