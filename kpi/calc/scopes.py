"""The combinations of dimensions in which every figure is given (indicators, section 4)."""

DIMENSIONS = ("domain", "municipality", "provider", "product", "referrer", "delivery_form")

SCOPES: dict[str, tuple[str, ...]] = {
    "region": (),
    "domain": ("domain",),
    "municipality": ("municipality",),
    "provider": ("provider",),
    "municipality+provider": ("municipality", "provider"),
    "product": ("product",),
    "provider+product": ("provider", "product"),
    "municipality+product": ("municipality", "product"),
    "referrer": ("referrer",),
    "municipality+referrer": ("municipality", "referrer"),
    "provider+referrer": ("provider", "referrer"),
    "delivery_form": ("delivery_form",),
    "domain+municipality": ("domain", "municipality"),
    "domain+provider": ("domain", "provider"),
}
# What pages filter on besides: three dimensions at once, and a municipality its own delivery forms. Not exported.
PAGE_SCOPES: dict[str, tuple[str, ...]] = {
    "domain+municipality+provider": ("domain", "municipality", "provider"),
    "municipality+delivery_form": ("municipality", "delivery_form"),
}
ALL_SCOPES = {**SCOPES, **PAGE_SCOPES}
MESSAGE_SCOPES = ("region", "municipality", "provider", "municipality+provider")
