/* Where the fields of GraphQL objects are in the REST objects that hold the same (graphql.def). */
#ifndef MOCK_FIELD_H
#define MOCK_FIELD_H

#include <cjson/cJSON.h>

#include "base/slice.h"
#include "item.h"

enum mock_form {
    MOCK_FORM_SAME,
    MOCK_FORM_UPPER,
    MOCK_FORM_LIST,
    MOCK_FORM_COUNT,
    MOCK_FORM_KIND, /* a connection over a list of the kind below */
    MOCK_FORM_ONE   /* the element of that list that number or tagName names */
};

struct mock_field {
    enum mock_kind kind;
    const char *name, *path;
    enum mock_form form;
    enum mock_kind below;
};

/* The row of an item's field; NULL without an item or a row. */
const struct mock_field *mock_field_find(const struct mock_item *item, struct slice name);

/* What is at a path with dots below json, or NULL. */
const cJSON *mock_field_at_path(const cJSON *json, const char *path);

/* A field without a row: createdAt is created_at, and an id is the node's. NULL when absent. */
const cJSON *mock_field_at(const cJSON *json, struct slice name);

#endif
