from zhen.kernel.cases.tests.conftest import cast, hands, own_keys

__all__ = ["cast", "hands", "own_keys"]
