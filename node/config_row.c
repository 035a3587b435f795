/* config.def as an array. Values and their syntax are config_value.c's. */
#include "node/config_row.h"

#include <string.h>

#include "base/check.h"
#include "node/config.h"

static const struct node_config_row rows[NODE_CONFIG_COUNT] = {
#define CONFIG(section_, key_, type_, fallback_, minimum_, maximum_, unit_, option_, metavar_,     \
               legacy_, apply_, prose_)                                                            \
    {.key = #section_ "." #key_,                                                                   \
     .fallback = fallback_,                                                                        \
     .minimum = minimum_,                                                                          \
     .maximum = maximum_,                                                                          \
     .unit = unit_,                                                                                \
     .option = option_,                                                                            \
     .metavar = metavar_,                                                                          \
     .legacy = legacy_,                                                                            \
     .prose = prose_,                                                                              \
     .type = NODE_CONFIG_##type_,                                                                  \
     .apply = NODE_CONFIG_##apply_,                                                                \
     .offset = offsetof(struct node_config, section_##_##key_)},
#include "node/config.def"
#undef CONFIG
};

const struct node_config_row *node_config_row_at(size_t id)
{
    CHECK(id < NODE_CONFIG_COUNT);
    return &rows[id];
}

size_t node_config_row_id(const struct node_config_row *self)
{
    return (size_t)(self - rows);
}

const struct node_config_row *node_config_row_find_key(struct slice key)
{
    for (size_t i = 0; i < NODE_CONFIG_COUNT; i++)
        if (slice_equals(key, slice_of(rows[i].key)))
            return &rows[i];
    return NULL;
}

const struct node_config_row *node_config_row_find_option(struct slice option)
{
    for (size_t i = 0; i < NODE_CONFIG_COUNT; i++)
        if (rows[i].option && slice_equals(option, slice_of(rows[i].option)))
            return &rows[i];
    return NULL;
}

void node_config_row_variable(const struct node_config_row *self,
                              char ret[static NODE_CONFIG_NAME_SIZE])
{
    static const char prefix[] = "RUNMESH_";
    const size_t start = sizeof prefix - 1, size = strlen(self->key);
    CHECK(start + size < NODE_CONFIG_NAME_SIZE);
    memcpy(ret, prefix, start);
    for (size_t i = 0; i < size; i++) {
        const char c = self->key[i];
        const bool lower = c >= 'a' && c <= 'z';
        ret[start + i] = c == '.' ? '_' : (char)(lower ? c - 'a' + 'A' : c);
    }
    ret[start + size] = '\0';
}
