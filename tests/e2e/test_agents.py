"""The life of an agent in the web app."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.pages.agents import AgentsPage
from tests.e2e.pages.app import App
from tests.support.scripted_model import ScriptedModel


def test_made_changed_brought_back_paused_and_deleted(root: App, model: ScriptedModel) -> None:
    agents = AgentsPage(root.page)
    agents.create("Hen keeper", "Answer as a keeper of hens.")
    expect(agents.version(1)).to_contain_text("answering")

    agents.deploy("Answer as a keeper of geese.", "Geese")
    expect(agents.version(2)).to_contain_text("answering")
    agents.version(2).get_by_role("button", name="Changes").click()
    difference = root.page.get_by_role("dialog", name="What version 2 changed")
    expect(difference).to_contain_text("added: Answer as a keeper of geese.")
    expect(difference).to_contain_text("removed: Answer as a keeper of hens.")
    difference.get_by_role("button", name="Close").click()

    agents.version(1).get_by_role("button", name="Use this one").click()
    expect(agents.version(1)).to_contain_text("answering")
    expect(root.page.get_by_label("Instructions")).to_have_value("Answer as a keeper of hens.")

    root.page.get_by_role("link", name="Ask", exact=True).click()
    root.chat.ask_and_wait("Who are you?")
    assert "keeper of hens" in str(model.requests[-1]["messages"])

    root.page.goto("/agents/hen-keeper")
    root.page.get_by_role("button", name="Pause").click()
    expect(root.page.get_by_role("button", name="Go on")).to_be_visible()
    root.choose_in_menu(root.page.get_by_role("button", name="More about this agent"), "Delete")
    root.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(root.page.get_by_role("heading", name="Agents")).to_be_visible()
    expect(root.page.get_by_text("Hen keeper")).to_have_count(0)


def test_a_member_makes_an_agent_for_themselves(ada: App, new_person: Callable[..., App]) -> None:
    AgentsPage(ada.page).create("My own helper", "Be kind.")
    bob = new_person("Bob")
    bob.page.goto("/agents")
    expect(bob.page.get_by_role("heading", name="Guide")).to_be_visible()
    expect(bob.page.get_by_text("My own helper")).to_have_count(0)
