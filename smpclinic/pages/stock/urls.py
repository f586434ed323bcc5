"""Addresses of the products and lots; the stock itself stands in ``smpclinic.urls``."""

from django.urls import path

from smpclinic.pages.stock import lots, products

urlpatterns = [
    path("products/new/", products.add_product, name="add_product"),
    path("products/<uuid:product_id>/", products.product, name="stock_product"),
    path("products/<uuid:product_id>/change/", products.change_product, name="change_product"),
    path("products/<uuid:product_id>/safety-sheet/", products.safety_sheet, name="safety_sheet"),
    path("lots/new/", lots.add_lot, name="add_lot"),
    path("lots/<uuid:lot_id>/", lots.lot, name="stock_lot"),
    path("lots/<uuid:lot_id>/change/", lots.change_lot, name="change_lot"),
    path("lots/<uuid:lot_id>/count/", lots.count_lot, name="count_lot"),
    path("lots/<uuid:lot_id>/open/", lots.open_lot, name="open_lot"),
    path("lots/<uuid:lot_id>/throw-away/", lots.throw_away_lot, name="throw_away_lot"),
]
