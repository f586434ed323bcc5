"""The calendar as a grid: a day or one person's week to scale, everybody's week as a table, the month in numbers."""

from planning.board.columns import day_board, week_board
from planning.board.frame import Block, Board, Column, Stretch
from planning.board.missing import missing_by_appointment
from planning.board.month import month_of
from planning.board.sheet import day_sheet
from planning.board.week import week_table

__all__ = [
    "Block",
    "Board",
    "Column",
    "Stretch",
    "day_board",
    "day_sheet",
    "missing_by_appointment",
    "month_of",
    "week_board",
    "week_table",
]
