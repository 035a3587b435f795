/* Life of bodies and of their other form. */
#include "store/body.h"

#include <stdlib.h>

struct store_body *store_body_new(size_t size)
{
    struct store_body *self = malloc(sizeof *self + size);
    if (!self)
        return NULL;
    atomic_init(&self->references, 1);
    atomic_init(&self->variant, NULL);
    self->hot_uses = 0;
    self->size = size;
    return self;
}

struct store_body *store_body_retain(struct store_body *self)
{
    atomic_fetch_add_explicit(&self->references, 1, memory_order_relaxed);
    return self;
}

static void variant_destroy(struct store_variant *variant)
{
    if (variant)
        free(variant->data);
    free(variant);
}

void store_body_release(struct store_body **self_p)
{
    struct store_body *self = *self_p;
    *self_p = NULL;
    if (!self || atomic_fetch_sub_explicit(&self->references, 1, memory_order_acq_rel) != 1)
        return;
    variant_destroy(atomic_load(&self->variant));
    free(self);
}

static struct store_variant *variant_new(const struct store_body *self,
                                         void *(*make)(const void *body, size_t size,
                                                       size_t *ret_size))
{
    struct store_variant *variant = calloc(1, sizeof *variant);
    if (variant)
        variant->data = make(self->bytes, self->size, &variant->size);
    if (!variant || !variant->data) {
        free(variant);
        return NULL;
    }
    return variant;
}

const void *store_body_variant(struct store_body *self,
                               void *(*make)(const void *body, size_t size, size_t *ret_size),
                               size_t *ret_size)
{
    struct store_variant *variant = atomic_load(&self->variant);
    if (!variant) {
        struct store_variant *made = variant_new(self, make);
        if (!made)
            return NULL;
        if (atomic_compare_exchange_strong(&self->variant, &variant, made))
            variant = made;
        else
            variant_destroy(made); /* another thread was faster; variant is now its result */
    }
    *ret_size = variant->size;
    return variant->data;
}
