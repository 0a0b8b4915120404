from messaging.region import bsn


def test_all_test_numbers_pass_the_check() -> None:
    numbers = list(bsn.numbers())
    assert len(numbers) == bsn.AVAILABLE == 9_091
    assert len(set(numbers)) == len(numbers)
    assert {number[:4] for number in numbers} == {"9999"}
    assert numbers[0] == "999900006"  # 9·9 + 8·9 + 7·9 + 6·9 − 6 = 264 = 24 × 11


def test_a_changed_digit_fails_the_check() -> None:
    assert bsn.passes("999900006")
    assert not bsn.passes("999900007")
    assert not bsn.passes("999900060")
