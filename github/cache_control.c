/* Reads directives; what they mean for an answer is for policy.c to say. */
#include "github/cache_control.h"

#include <stddef.h>

/* RFC 9111, 1.2.2: what a number beyond every real period counts as. */
static const int64_t seconds_max = INT64_C(1) << 31;

struct directive {
    struct slice name;
    struct slice value; /* without its quotes; data NULL when there is no '=' */
};

/* Bytes up to the next comma outside of a quoted string. */
static size_t element_size(struct slice rest)
{
    bool is_quoted = false;
    size_t at = 0;
    for (; at < rest.size && (is_quoted || rest.data[at] != ','); at++) {
        if (rest.data[at] == '"')
            is_quoted = !is_quoted;
        else if (is_quoted && rest.data[at] == '\\' && at + 1 < rest.size)
            at++;
    }
    return at;
}

static struct slice unquote(struct slice value)
{
    if (value.size < 2 || value.data[0] != '"' || value.data[value.size - 1] != '"')
        return value;
    value = slice_skip(value, 1);
    value.size--;
    return value;
}

static struct directive next_directive(struct slice *rest)
{
    struct slice element = *rest;
    element.size = element_size(*rest);
    *rest = slice_skip(*rest, element.size + 1); /* past the comma */

    struct directive directive;
    directive.name = slice_trim(slice_next(&element, '='));
    directive.value = element.data ? unquote(slice_trim(element)) : element;
    return directive;
}

/* A number of seconds, or the strictest one that the directive can say. */
static int64_t seconds(struct slice value, int64_t strictest)
{
    uint64_t number;
    return slice_to_u64(value, (uint64_t)seconds_max, &number) ? (int64_t)number : strictest;
}

/* When a directive stands twice, the stricter one holds (RFC 9111, 4.2.1). */
static void take_lower(int64_t *limit, int64_t value)
{
    if (*limit == GITHUB_CACHE_CONTROL_UNSET || value < *limit)
        *limit = value;
}

static void take_higher(int64_t *limit, int64_t value)
{
    if (value > *limit)
        *limit = value;
}

static bool is_named(const struct directive *directive, const char *name)
{
    return slice_equals_nocase(directive->name, slice_of(name));
}

static void apply(struct github_cache_control *control, const struct directive *directive)
{
    if (is_named(directive, "no-cache"))
        control->no_cache = true;
    else if (is_named(directive, "no-store"))
        control->no_store = true;
    else if (is_named(directive, "only-if-cached"))
        control->only_if_cached = true;
    else if (is_named(directive, "max-age"))
        take_lower(&control->max_age_s, seconds(directive->value, 0));
    else if (is_named(directive, "min-fresh"))
        take_higher(&control->min_fresh_s, seconds(directive->value, seconds_max));
    else if (is_named(directive, "max-stale") && directive->value.data)
        take_lower(&control->max_stale_s, seconds(directive->value, 0));
    else if (is_named(directive, "max-stale"))
        control->max_stale_any = true;
}

struct github_cache_control github_cache_control_parse(struct slice cache_control,
                                                       struct slice pragma)
{
    struct github_cache_control control = {
        .max_age_s = GITHUB_CACHE_CONTROL_UNSET,
        .min_fresh_s = GITHUB_CACHE_CONTROL_UNSET,
        .max_stale_s = GITHUB_CACHE_CONTROL_UNSET,
    };
    for (struct slice rest = cache_control; rest.size > 0;) {
        const struct directive directive = next_directive(&rest);
        apply(&control, &directive);
    }
    for (struct slice rest = pragma; !cache_control.data && rest.size > 0;) {
        const struct directive directive = next_directive(&rest);
        control.no_cache = control.no_cache || is_named(&directive, "no-cache");
    }
    if (control.max_stale_s != GITHUB_CACHE_CONTROL_UNSET)
        control.max_stale_any = false;
    return control;
}
