"""Words for the desk's templates."""

from django import template

from claims.rendering.told import in_words

register = template.Library()
register.filter("in_words", in_words)
