/* One spelling per representation, so that clients which ask for the same thing in other words
 * share an answer. Does not judge which media types GitHub has: what it does not know, it keeps. */
#include "github/accept.h"

#include <errno.h>

#include "base/bytes.h"

enum { BYTE_DELETE = 0x7f };

/* One element of the list, its parts borrowed: "type;parameters". */
struct element {
    struct slice type, parameters;
};

static const char plain_json[] = "application/vnd.github+json";
static const char vendor[] = "application/vnd.github";

static bool has_blank(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == ' ' || text.data[i] == '\t')
            return true;
    return false;
}

/* The next element that is not empty (RFC 9110, 5.6.1); false at the end. */
static bool next_element(struct slice *rest, struct element *ret_element)
{
    while (rest->data) {
        struct slice element = slice_trim(slice_next(rest, ','));
        if (element.size == 0)
            continue;
        ret_element->type = slice_trim(slice_next(&element, ';'));
        ret_element->parameters = element;
        return true;
    }
    return false;
}

/* Whether an element is a type with parameters, without blanks inside of them. */
static bool is_well_formed(const struct element *element)
{
    if (element->type.size == 0 || has_blank(element->type))
        return false;
    for (struct slice rest = element->parameters; rest.data;)
        if (has_blank(slice_trim(slice_next(&rest, ';'))))
            return false;
    return true;
}

/* Whether the value has only what the folding below understands. A quoted string may hold commas
 * and semicolons, an odd byte or blank may be read differently at GitHub: those go through as they
 * are. */
static bool is_foldable(struct slice accept)
{
    for (size_t i = 0; i < accept.size; i++) {
        const unsigned char c = (unsigned char)accept.data[i];
        if ((c < ' ' && c != '\t') || c >= BYTE_DELETE || c == '"')
            return false;
    }
    struct element element;
    while (next_element(&accept, &element))
        if (!is_well_formed(&element))
            return false;
    return true;
}

/* A weight, as the text of its parameter: "q=0.5". */
static bool is_weight(struct slice parameter)
{
    const struct slice name = slice_next(&parameter, '=');
    return slice_equals_nocase(name, slice_of("q"));
}

/* Whether a weight has the given whole part and, if any, only zeros after the point. */
static bool is_whole_weight(struct slice parameter, char whole)
{
    slice_next(&parameter, '=');
    const struct slice number = slice_next(&parameter, '.');
    for (size_t i = 0; i < parameter.size; i++)
        if (parameter.data[i] != '0')
            return false;
    return number.size == 1 && number.data[0] == whole;
}

/* Parameters that change nothing about the answer: the only charset that GitHub answers in, and
 * the weight that is the default. */
static bool is_idle(struct slice parameter)
{
    return parameter.size == 0 || slice_equals_nocase(parameter, slice_of("charset=utf-8")) ||
           (is_weight(parameter) && is_whole_weight(parameter, '1'));
}

/* The size of a leading ".v3", or of the ".VERSION" of the documentation, when more follows. */
static size_t version_size(struct slice suffix)
{
    size_t size = 1;
    while (size < suffix.size && suffix.data[size] != '.' && suffix.data[size] != '+')
        size++;
    if (size >= suffix.size)
        return 0;
    const struct slice part = {.data = suffix.data, .size = size};
    return slice_equals_nocase(part, slice_of(".v3")) ||
                   slice_equals_nocase(part, slice_of(".version"))
               ? size
               : 0;
}

/* What follows "application/vnd.github" without its version: ".raw+json"; false for other types. */
static bool vendor_suffix(struct slice type, struct slice *ret_suffix)
{
    const struct slice front = {.data = type.data, .size = sizeof vendor - 1};
    if (type.size <= front.size || !slice_equals_nocase(front, slice_of(vendor)))
        return false;
    struct slice suffix = slice_skip(type, front.size);
    for (size_t size = version_size(suffix); size > 0; size = version_size(suffix))
        suffix = slice_skip(suffix, size);
    *ret_suffix = suffix;
    return suffix.data[0] == '.' || suffix.data[0] == '+';
}

static bool is_json_type(struct slice type)
{
    struct slice suffix;
    return slice_equals_nocase(type, slice_of("application/json")) ||
           (vendor_suffix(type, &suffix) && slice_equals_nocase(suffix, slice_of("+json")));
}

static bool is_plain(const struct element *element)
{
    if (!slice_equals(element->type, slice_of("*/*")) && !is_json_type(element->type))
        return false;
    for (struct slice rest = element->parameters; rest.data;) {
        const struct slice parameter = slice_trim(slice_next(&rest, ';'));
        if (!is_idle(parameter) && (!is_weight(parameter) || is_whole_weight(parameter, '0')))
            return false;
    }
    return true;
}

static void put_lower(struct bytes_out *out, struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        bytes_put_u8(out, (uint8_t)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
    }
}

static void put_element(struct bytes_out *out, const struct element *element)
{
    struct slice suffix;
    if (is_json_type(element->type)) {
        put_lower(out, slice_of(plain_json));
    } else if (vendor_suffix(element->type, &suffix)) {
        put_lower(out, slice_of(vendor));
        put_lower(out, suffix);
    } else {
        put_lower(out, element->type);
    }
    for (struct slice rest = element->parameters; rest.data;) {
        const struct slice parameter = slice_trim(slice_next(&rest, ';'));
        if (is_idle(parameter))
            continue;
        bytes_put_u8(out, ';');
        put_lower(out, parameter);
    }
}

static bool is_all_plain(struct slice accept)
{
    struct element element;
    while (next_element(&accept, &element))
        if (!is_plain(&element))
            return false;
    return true;
}

int github_accept_fold(struct slice accept, char ret[static GITHUB_REPRESENTATION_MAX + 1])
{
    struct bytes_out out = bytes_out_over(ret, GITHUB_REPRESENTATION_MAX);
    struct element element;
    if (!is_foldable(accept))
        return -EBADMSG;
    if (is_all_plain(accept)) {
        put_lower(&out, slice_of(plain_json));
        accept.data = NULL;
    }
    for (bool is_first = true; next_element(&accept, &element); is_first = false) {
        if (!is_first)
            put_lower(&out, slice_of(", "));
        put_element(&out, &element);
    }
    if (out.overflowed)
        return -EMSGSIZE;
    *out.at = '\0';
    return 0;
}
